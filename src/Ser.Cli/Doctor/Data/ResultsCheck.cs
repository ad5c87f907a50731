using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether the accepted results of the data folder are intact (deep: each file is hashed).</summary>
internal sealed class ResultsCheck(string dataFolder, bool deep) : FolderCheck("results", dataFolder)
{
    protected override Finding InspectFolder()
    {
        using var data = DataFolder.OpenForReading(Folder);
        var results = data.Reads.Sweeps().SelectMany(sweep => sweep.Jobs).Select(job => job.Result);
        JobResult[] accepted = [.. results.OfType<JobResult>().Distinct()];
        if (!deep)
        {
            return Finding.Ok($"{accepted.Length} accepted (--deep hashes their files)");
        }

        var damaged = new List<(string JobId, string Problem)>();
        foreach (var result in accepted)
        {
            if (data.Artifacts.Verify(result) is { } problem)
            {
                damaged.Add((result.JobId, problem));
            }
        }

        return damaged.Count == 0
            ? Finding.Ok($"{accepted.Length} accepted, all intact")
            : Finding.Failure(
                $"{damaged.Count} of {accepted.Length} damaged: {damaged[0].Problem}",
                $"restore it from a copy, or compute it again: ser retry {damaged[0].JobId[..12]} --data {Folder}, then ser resume");
    }
}

using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether the accepted results of the data folder are whole (deep; each file is hashed).</summary>
internal sealed class ResultsCheck(string dataFolder, bool deep) : FolderCheck("results", dataFolder)
{
    protected override Finding LookInside()
    {
        using var data = DataFolder.OpenForReading(Folder);
        AcceptedResult[] accepted = [.. data.Reads.Sweeps().SelectMany(sweep => sweep.Jobs).Select(job => job.Result).OfType<AcceptedResult>().Distinct()];
        if (!deep)
        {
            return Finding.Ok($"{accepted.Length} accepted (--deep hashes their files)");
        }

        var damaged = accepted.Select(result => (result.JobId, Problem: data.Artifacts.Verify(new OfferedResult(result.JobId, result.Stage, result.Attempt, result.ManifestDigest))))
            .Where(result => result.Problem is not null).ToList();
        return damaged.Count == 0
            ? Finding.Ok($"{accepted.Length} accepted, all whole")
            : Finding.Failure($"{damaged.Count} of {accepted.Length} damaged: {damaged[0].Problem}", $"restore it from a copy, or make it again: ser retry {damaged[0].JobId[..12]} --data {Folder}, then ser resume");
    }
}

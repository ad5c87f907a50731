using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Which process runs the sweeps of the data folder, and whether an unfinished sweep has none.</summary>
internal sealed class RunnerCheck(string dataFolder) : FolderCheck("runner", dataFolder)
{
    protected override Finding InspectFolder()
    {
        if (DataFolder.DescribeRunner(Folder) is { } runner)
        {
            return Finding.Ok($"{runner} runs it");
        }

        using var data = DataFolder.OpenForReading(Folder);
        var sweeps = data.Reads.Sweeps().Where(sweep => sweep.State == SweepState.Unfinished);
        string[] unfinished = [.. sweeps.Select(sweep => sweep.Name)];
        if (unfinished.Length == 0)
        {
            return Finding.Ok("no process runs it, and no sweep is unfinished");
        }

        string be = unfinished.Length == 1 ? "is" : "are";
        return Finding.Warning(
            $"no process runs it, and {string.Join(", ", unfinished)} {be} not finished",
            $"ser resume {unfinished[0]} --data {Folder}");
    }
}

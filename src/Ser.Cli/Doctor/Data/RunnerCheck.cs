using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Who runs the sweeps of the data folder, and whether one waits for somebody to.</summary>
internal sealed class RunnerCheck(string dataFolder) : FolderCheck("runner", dataFolder)
{
    protected override Finding LookInside()
    {
        if (DataFolder.RunnerOf(Folder) is { } runner)
        {
            return Finding.Ok($"{runner} runs it");
        }

        using var data = DataFolder.OpenForReading(Folder);
        string[] cutOff = [.. data.Reads.Sweeps().Where(sweep => sweep.State == SweepState.Unfinished).Select(sweep => sweep.Name)];
        return cutOff.Length == 0
            ? Finding.Ok("nobody runs it, and nothing waits")
            : Finding.Warning($"nobody runs it, and {string.Join(", ", cutOff)} {(cutOff.Length == 1 ? "is" : "are")} not finished", $"ser resume {cutOff[0]} --data {Folder}");
    }
}

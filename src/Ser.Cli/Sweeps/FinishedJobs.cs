using Ser.Planning;
using Ser.Storage.Data;

namespace Ser.Cli.Sweeps;

/// <summary>Which jobs of a plan already have an accepted result.</summary>
internal static class FinishedJobs
{
    internal static IReadOnlySet<string> Find(string dataFolder, IEnumerable<string> jobIds)
    {
        if (!DataFolder.Exists(dataFolder))
        {
            return new HashSet<string>();
        }

        using var data = DataFolder.OpenForReading(dataFolder);
        return data.Reads.Results([.. jobIds]).Keys.ToHashSet();
    }

    /// <summary>Seconds of a training step, by kind, from the fine-tunes that a data folder has run.</summary>
    internal static IReadOnlyDictionary<string, double> StepTimesOf(string dataFolder)
    {
        if (!DataFolder.Exists(dataFolder))
        {
            return new Dictionary<string, double>();
        }

        using var data = DataFolder.OpenForReading(dataFolder);
        return StepTimes.ReadMeasured(data.Reads);
    }
}

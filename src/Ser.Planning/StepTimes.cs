using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>Seconds of a training step, by the kind of step, from fine-tunes that are done.</summary>
public static class StepTimes
{
    /// <summary>Of the fine-tunes that a data folder has run, by kind: the median over its jobs, validation and checkpoints included.</summary>
    public static IReadOnlyDictionary<string, double> Earlier(IJobReads reads)
    {
        var jobs = reads.Sweeps().SelectMany(sweep => sweep.Jobs).Where(job => job is { Stage: FineTuneStage.StageName, State: JobState.Done, Progress.StepsPerSecond: > 0 }).DistinctBy(job => job.Id).ToList();
        var specs = reads.Specs([.. jobs.Select(job => job.Id)]);
        return jobs.GroupBy(job => StepKind.Of(specs[job.Id], 0).Key).ToDictionary(kind => kind.Key, kind => Median([.. kind.Select(job => 1 / job.Progress!.StepsPerSecond!.Value)]));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}

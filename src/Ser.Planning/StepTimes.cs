using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>Seconds of a training step, by the kind of step, from earlier runs.</summary>
public static class StepTimes
{
    /// <summary>By kind, the median over the fine-tunes that a store has run, validation and checkpoints included.</summary>
    public static IReadOnlyDictionary<string, double> ReadMeasured(IJobReads reads)
    {
        var jobs = reads.Sweeps().SelectMany(sweep => sweep.Jobs).Where(IsMeasuredFineTune).DistinctBy(job => job.Id).ToList();
        var specs = reads.Specs([.. jobs.Select(job => job.Id)]);
        string KindOf(JobSnapshot job) => StepKind.FromSpec(specs[job.Id], 0).Key;
        return jobs.GroupBy(KindOf).ToDictionary(kind => kind.Key, kind => Median([.. kind.Select(SecondsPerStep)]));
    }

    private static bool IsMeasuredFineTune(JobSnapshot job) =>
        job is { Stage: FineTuneStage.StageName, State: JobState.Done, Progress.StepsPerSecond: > 0 };

    private static double SecondsPerStep(JobSnapshot job) => 1 / job.Progress!.StepsPerSecond!.Value;

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}

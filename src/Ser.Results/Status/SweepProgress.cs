using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Results.Status;

/// <summary>How far a sweep is, computed from one snapshot by plain functions.</summary>
/// <param name="FoldsDone">Folds whose last stage is done.</param>
/// <param name="Folds">Folds planned.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Share">Share of all training that is done, between 0 and 1.</param>
/// <param name="Arms">By arm.</param>
public sealed record SweepProgress(int FoldsDone, int Folds, int Failed, double Share, IReadOnlyList<ArmProgress> Arms)
{
    /// <summary>Of one snapshot.</summary>
    public static SweepProgress Of(SweepSnapshot sweep)
    {
        var arms = sweep.Jobs.GroupBy(job => job.Arm).Select(ArmProgress.Of).ToList();
        var training = sweep.Jobs.Where(job => job.Stage == FineTuneStage.StageName).ToList();
        double share = training.Count == 0 ? 1 : training.Average(ShareOf);
        return new SweepProgress(arms.Sum(arm => arm.FoldsDone), arms.Sum(arm => arm.Folds), sweep.Count(JobState.Failed), share, arms);
    }

    /// <summary>Time left by the speed so far; null before anything has moved.</summary>
    public TimeSpan? Left(double shareAtStart, TimeSpan elapsed) =>
        Share - shareAtStart > 1e-9 ? elapsed * ((1 - Share) / (Share - shareAtStart)) : null;

    private static double ShareOf(JobSnapshot job) => job.State switch
    {
        JobState.Done => 1,
        _ when job.Progress is { Epochs: > 0 } progress => (double)progress.Epoch / progress.Epochs,
        _ => 0,
    };
}

/// <summary>How far one arm is.</summary>
/// <param name="Name">Name of the arm.</param>
/// <param name="FoldsDone">Folds whose last stage is done.</param>
/// <param name="Folds">Folds planned.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Running">Running jobs.</param>
public sealed record ArmProgress(string Name, int FoldsDone, int Folds, int Failed, IReadOnlyList<JobSnapshot> Running)
{
    /// <summary>Of the jobs of one arm.</summary>
    public static ArmProgress Of(IGrouping<string, JobSnapshot> arm)
    {
        var folds = arm.GroupBy(job => job.Fold).ToList();
        return new ArmProgress(
            arm.Key,
            folds.Count(fold => fold.All(job => job.State == JobState.Done)),
            folds.Count,
            arm.Count(job => job.State == JobState.Failed),
            [.. arm.Where(job => job.State == JobState.Running)]);
    }
}

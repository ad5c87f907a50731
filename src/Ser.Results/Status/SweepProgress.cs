using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Results.Status;

/// <summary>Progress of a sweep.</summary>
/// <param name="FoldsDone">Number of folds whose jobs are all done.</param>
/// <param name="Folds">Number of planned folds.</param>
/// <param name="Failed">Number of failed jobs.</param>
/// <param name="Share">Share of all training that is done, from 0 to 1.</param>
/// <param name="Arms">Progress by arm.</param>
public sealed record SweepProgress(int FoldsDone, int Folds, int Failed, double Share, IReadOnlyList<ArmProgress> Arms)
{
    /// <summary>Computes the progress from a snapshot.</summary>
    public static SweepProgress FromSnapshot(SweepSnapshot sweep)
    {
        var arms = sweep.Jobs.GroupBy(job => job.Arm).Select(ArmProgress.FromJobs).ToList();
        var training = sweep.Jobs.Where(job => job.Stage == FineTuneStage.StageName).ToList();
        double share = training.Count == 0 ? 1 : training.Average(ShareOf);
        int done = arms.Sum(arm => arm.FoldsDone);
        int folds = arms.Sum(arm => arm.Folds);
        return new SweepProgress(done, folds, sweep.Count(JobState.Failed), share, arms);
    }

    /// <summary>Estimates the remaining time from the speed so far; null before there is any progress.</summary>
    public TimeSpan? EstimateRemaining(double shareAtStart, TimeSpan elapsed) =>
        Share - shareAtStart > 1e-9 ? elapsed * ((1 - Share) / (Share - shareAtStart)) : null;

    private static double ShareOf(JobSnapshot job) => job.State switch
    {
        JobState.Done => 1,
        _ when job.Progress is { Epochs: > 0 } progress => (double)progress.Epoch / progress.Epochs,
        _ => 0,
    };
}

/// <summary>Progress of an arm.</summary>
/// <param name="Name">Name of the arm.</param>
/// <param name="FoldsDone">Number of folds whose jobs are all done.</param>
/// <param name="Folds">Number of planned folds.</param>
/// <param name="Failed">Number of failed jobs.</param>
/// <param name="Running">Running jobs.</param>
public sealed record ArmProgress(string Name, int FoldsDone, int Folds, int Failed, IReadOnlyList<JobSnapshot> Running)
{
    /// <summary>Computes the progress from the jobs of an arm.</summary>
    public static ArmProgress FromJobs(IGrouping<string, JobSnapshot> arm)
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

namespace Ser.Domain.Jobs;

/// <summary>Time used by the jobs of one stage of a sweep, and the stage's unfinished jobs.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Done">Number of done jobs.</param>
/// <param name="DoneSeconds">Total seconds of their accepted attempts.</param>
/// <param name="Open">Number of waiting, ready and running jobs.</param>
/// <param name="Trained">Sum of the finished shares of the running jobs, each from 0 to 1.</param>
/// <param name="Running">Number of running jobs.</param>
public sealed record StageTimes(string Stage, int Done, double DoneSeconds, int Open, double Trained, int Running)
{
    /// <summary>Mean seconds of a job; null if none is done yet.</summary>
    public double? MeanSeconds => Done == 0 ? null : DoneSeconds / Done;
}

/// <summary>
/// Time used by a sweep and estimates of its remaining time, in slot seconds: one slot that is busy for one second. On workers with GPUs
/// a slot is a GPU. Estimates assume that an unfinished job takes as long as the done jobs of its stage took on average.
/// </summary>
/// <param name="UsedSeconds">Slot seconds of all attempts, successful or not, including running ones so far.</param>
/// <param name="Stages">Times by stage.</param>
public sealed record SweepTimes(double UsedSeconds, IReadOnlyList<StageTimes> Stages)
{
    /// <summary>No time used and no jobs.</summary>
    public static SweepTimes None { get; } = new(0, []);

    /// <summary>Number of running jobs.</summary>
    public int Running => Stages.Sum(stage => stage.Running);

    /// <summary>Estimated slot seconds of the remaining work; null if an unfinished stage has no done job to estimate from.</summary>
    public double? RemainingSeconds => Stages
        .Where(stage => stage.Open > 0)
        .Select(stage => stage.MeanSeconds * (stage.Open - stage.Trained))
        .Aggregate((double?)0, Add);

    /// <summary>
    /// Estimated seconds until the sweep is done if as many jobs run in parallel as now; null if unknown or if no job is running.
    /// </summary>
    public double? SecondsUntilDone => Running == 0 ? null : RemainingSeconds / Running;

    /// <summary>Estimates the slot seconds of some jobs; null if unknown.</summary>
    /// <param name="stages">Stage of each job, and the share of the job that remains, from 0 to 1.</param>
    public double? EstimateSeconds(IEnumerable<(string Stage, double Share)> stages) =>
        stages.Select(job => MeanOf(job.Stage) * job.Share).Aggregate((double?)0, Add);

    private double? MeanOf(string stage) => Stages.FirstOrDefault(known => known.Stage == stage)?.MeanSeconds;

    // Null, which means unknown, makes the whole sum null.
    private static double? Add(double? sum, double? seconds) => sum + seconds;
}

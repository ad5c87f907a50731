namespace Ser.Domain.Jobs;

/// <summary>What jobs of one stage of a sweep have taken and how many are to come.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Done">Jobs that are done.</param>
/// <param name="DoneSeconds">Seconds of their accepted attempts together.</param>
/// <param name="Open">Jobs that wait, are ready or run.</param>
/// <param name="Trained">Of those that run, the shares that are over, together.</param>
/// <param name="Running">Jobs that run.</param>
public sealed record StageTimes(string Stage, int Done, double DoneSeconds, int Open, double Trained, int Running)
{
    /// <summary>Mean seconds of a job; null: none is done yet.</summary>
    public double? Mean => Done == 0 ? null : DoneSeconds / Done;
}

/// <summary>Times of a sweep: one slot for one second is a second. On workers with GPUs a slot is a GPU.</summary>
/// <param name="Used">Seconds of all attempts, whatever came of them; of a running one until now.</param>
/// <param name="Stages">By stage.</param>
public sealed record SweepTimes(double Used, IReadOnlyList<StageTimes> Stages)
{
    /// <summary>None yet.</summary>
    public static SweepTimes None { get; } = new(0, []);

    /// <summary>Jobs that run.</summary>
    public int Running => Stages.Sum(stage => stage.Running);

    /// <summary>Seconds of one slot for all that is to come, as long as what is done took on average; null: a stage that is to come has no job done, so it is not known yet.</summary>
    public double? Left => Sum(Stages.Where(stage => stage.Open > 0).Select(stage => (stage.Mean, stage.Open - stage.Trained)));

    /// <summary>Seconds until the end with as many jobs at once as run now; null: not known, or nothing runs.</summary>
    public double? UntilDone => Running == 0 ? null : Left / Running;

    /// <summary>Seconds of one slot for some jobs, as long as what is done took on average; null: not known yet.</summary>
    /// <param name="stages">The stage of each job, and the share of it that is still to be done.</param>
    public double? For(IEnumerable<(string Stage, double Share)> stages) => Sum(stages.Select(job => (Stages.FirstOrDefault(known => known.Stage == job.Stage)?.Mean, job.Share)));

    private static double? Sum(IEnumerable<(double? Mean, double Times)> parts) => parts.Aggregate((double?)0, (sum, part) => sum + (part.Mean * part.Times));
}

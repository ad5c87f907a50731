using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Sweeps;

/// <summary>What is said of the time that sweeps take, by plain functions. Compute time is of one slot; on a worker with GPUs a slot is a GPU.</summary>
internal static class TimesView
{
    /// <summary>What is said while no fold tells how long a stage takes.</summary>
    public const string Unknown = "left: not known yet";

    /// <summary>Compute time used, or a dash.</summary>
    public static string Used(double seconds) => seconds < 1 ? "–" : Text(seconds);

    /// <summary>Compute time that is still to come; null: the sweep is over.</summary>
    public static string? Left(SweepTimes times, SweepState state) => state != SweepState.Unfinished ? null : times.Left is { } left ? $"about {Text(left)} left" : Unknown;

    /// <summary>When the sweep will be over; null: it is, or it is not known.</summary>
    public static string? Until(SweepTimes times, SweepState state) => state != SweepState.Unfinished ? null
        : times.Running == 0 ? "nothing of it runs now"
        : times.UntilDone is { } until ? string.Create(CultureInfo.InvariantCulture, $"done in about {Text(until)} with {times.Running} at once")
        : null;

    /// <summary>What having some jobs done again costs, for a preview.</summary>
    /// <param name="seconds">Compute time; null: not known.</param>
    /// <param name="jobs">Number of jobs.</param>
    public static string Cost(double? seconds, int jobs) => jobs == 0 ? ""
        : seconds is { } known ? $"About {Text(known)} of compute time at most, as the finished jobs of the sweep took; less where a checkpoint is gone on from."
        : "How long it takes is not known yet: the sweep has no finished job of every stage.";

    /// <summary>Compute time of jobs and of those that wait for them; null: not known.</summary>
    public static double? CostOf(SweepTimes times, IEnumerable<JobSnapshot> jobs) => times.For(jobs.Select(job => (job.Stage, 1.0)));

    private static string Text(double seconds) => ProgressText.Short(TimeSpan.FromSeconds(seconds));
}

using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Sweeps;

/// <summary>
/// Computes the texts about the compute time of sweeps. Compute time is the time of one slot; on a worker with GPUs a slot is a GPU.
/// </summary>
internal static class TimesView
{
    /// <summary>Shown until every stage has a finished job from which to estimate its time.</summary>
    public const string UnknownText = "remaining time unknown";

    /// <summary>Compute time used so far, or a dash.</summary>
    public static string UsedText(double seconds) => seconds < 1 ? "–" : Text(seconds);

    /// <summary>Compute time still required; null if the sweep has ended.</summary>
    public static string? LeftText(SweepTimes times, SweepState state)
    {
        if (state != SweepState.Unfinished)
        {
            return null;
        }

        return times.RemainingSeconds is { } left ? $"about {Text(left)} left" : UnknownText;
    }

    /// <summary>Estimated time until the sweep ends; null if it has ended or there is no estimate.</summary>
    public static string? EtaText(SweepTimes times, SweepState state)
    {
        if (state != SweepState.Unfinished)
        {
            return null;
        }

        if (times.Running == 0)
        {
            return "no jobs running";
        }

        string jobs = times.Running == 1 ? "job" : "jobs";
        return times.SecondsUntilDone is { } until
            ? string.Create(CultureInfo.InvariantCulture, $"ETA {Text(until)} with {times.Running} {jobs} in parallel")
            : null;
    }

    /// <summary>Describes the compute time of running jobs again, for a preview.</summary>
    /// <param name="seconds">Estimated compute time; null if unknown.</param>
    /// <param name="jobs">Number of jobs.</param>
    public static string CostText(double? seconds, int jobs)
    {
        if (jobs == 0)
        {
            return "";
        }

        return seconds is { } known
            ? $"Compute time: at most about {Text(known)}, estimated from finished jobs of the sweep; less when resuming from a checkpoint."
            : "Compute time: unknown until the sweep has a finished job of every stage.";
    }

    /// <summary>Estimated compute time of jobs in seconds; null if unknown.</summary>
    public static double? EstimateCost(SweepTimes times, IEnumerable<JobSnapshot> jobs) =>
        times.EstimateSeconds(jobs.Select(job => (job.Stage, 1.0)));

    private static string Text(double seconds) => ProgressText.FormatDuration(TimeSpan.FromSeconds(seconds));
}

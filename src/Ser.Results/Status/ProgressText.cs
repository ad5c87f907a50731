using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Results.Status;

/// <summary>Describes the progress of sweeps and jobs as text.</summary>
public static class ProgressText
{
    /// <summary>Describes the whole sweep in one line.</summary>
    public static string Headline(SweepProgress progress, TimeSpan elapsed, TimeSpan? left)
    {
        string failed = progress.Failed == 0 ? "" : $", {progress.Failed} failed";
        string share = progress.Share.ToString("P0", CultureInfo.InvariantCulture);
        string remaining = left is { } time ? $", about {FormatDuration(time)} left" : "";
        return $"{progress.FoldsDone}/{progress.Folds} folds done{failed}, {share} trained, {FormatDuration(elapsed)} elapsed{remaining}";
    }

    /// <summary>
    /// Selects the arms that fit into a number of lines, preferring running arms, then unfinished ones. The order of the arms is kept.
    /// </summary>
    public static IReadOnlyList<ArmProgress> SelectArms(IReadOnlyList<ArmProgress> arms, int lines)
    {
        var fitting = new HashSet<ArmProgress>();
        foreach (var arm in arms.OrderBy(arm => arm.Running.Count > 0 ? 0 : arm.FoldsDone < arm.Folds ? 1 : 2))
        {
            lines -= Math.Max(1, arm.Running.Count);
            if (lines < 0 && fitting.Count > 0)
            {
                break;
            }

            fitting.Add(arm);
        }

        return [.. arms.Where(fitting.Contains)];
    }

    /// <summary>Describes a running job: fold, stage, epoch, loss and speed.</summary>
    public static string DescribeJob(JobSnapshot job)
    {
        string text = $"fold {job.Fold} {job.Stage}";
        if (job.Progress is not { Epochs: > 0 } progress)
        {
            return text;
        }

        // A stage that does not train is t-SNE, which minimises a divergence.
        bool trains = job.Stage == FineTuneStage.StageName;
        int current = Math.Min(progress.Epoch + 1, progress.Epochs);
        text += $" {(trains ? "epoch" : "iteration")} {current}/{progress.Epochs}";
        if (progress.Loss is { } loss)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", {(trains ? "loss" : "divergence")} {loss:0.000}");
        }

        if (progress.Point is { } point)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", validation UA {100 * point.ValidationUa:0.0}");
        }

        if (progress.StepsPerSecond is { } speed)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", {speed:0.0} steps/s");
        }

        return text;
    }

    /// <summary>Formats a duration in its two largest units.</summary>
    public static string FormatDuration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00} h"
        : time.TotalMinutes >= 1 ? $"{time.Minutes}:{time.Seconds:00} min"
        : $"{time.Seconds} s";
}

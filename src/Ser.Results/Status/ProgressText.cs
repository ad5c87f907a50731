using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Results.Status;

/// <summary>What is said of progress, as text.</summary>
public static class ProgressText
{
    /// <summary>The whole sweep in a line.</summary>
    public static string Headline(SweepProgress progress, TimeSpan elapsed, TimeSpan? left)
    {
        string failed = progress.Failed == 0 ? "" : $", {progress.Failed} failed";
        string remaining = left is { } time ? $", about {Short(time)} left" : "";
        return $"{progress.FoldsDone}/{progress.Folds} folds done{failed}, {progress.Share.ToString("P0", CultureInfo.InvariantCulture)} trained, {Short(elapsed)} elapsed{remaining}";
    }

    /// <summary>The arms that fit into so many lines, in order: those that run, then those that are not done, then the others.</summary>
    public static IReadOnlyList<ArmProgress> Shown(IReadOnlyList<ArmProgress> arms, int lines)
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

    /// <summary>A running job: fold, stage, epoch, loss, speed.</summary>
    public static string Running(JobSnapshot job)
    {
        string text = $"fold {job.Fold} {job.Stage}";
        if (job.Progress is not { Epochs: > 0 } progress)
        {
            return text;
        }

        text += string.Create(CultureInfo.InvariantCulture, $" {Unit(job)} {Math.Min(progress.Epoch + 1, progress.Epochs)}/{progress.Epochs}");
        text += progress.Loss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", {(Trains(job) ? "loss" : "divergence")} {loss:0.000}") : "";
        text += progress.Point is { } point ? string.Create(CultureInfo.InvariantCulture, $", validation UA {100 * point.ValidationUa:0.0}") : "";
        return text + (progress.StepsPerSecond is { } speed ? string.Create(CultureInfo.InvariantCulture, $", {speed:0.0} steps/s") : "");
    }

    // What goes round while a stage runs: passes over the data, or steps of a descent.
    private static string Unit(JobSnapshot job) => Trains(job) ? "epoch" : "iteration";

    private static bool Trains(JobSnapshot job) => job.Stage == FineTuneStage.StageName;

    /// <summary>A length of time in its largest two units.</summary>
    public static string Short(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00} h" : time.TotalMinutes >= 1 ? $"{time.Minutes}:{time.Seconds:00} min" : $"{time.Seconds} s";
}

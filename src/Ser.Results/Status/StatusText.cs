using System.Globalization;
using System.Text;
using Ser.Domain.Jobs;

namespace Ser.Results.Status;

/// <summary>What `ser status` prints.</summary>
public static class StatusText
{
    /// <summary>Every sweep with its arms, what runs, what failed and what waits for it.</summary>
    /// <param name="sweeps">In order of submission.</param>
    /// <param name="idle">What to say of an unfinished sweep, by its name, when nobody runs it; null: somebody does.</param>
    public static string Write(IReadOnlyList<SweepSnapshot> sweeps, Func<string, string>? idle)
    {
        var text = new StringBuilder();
        foreach (var sweep in sweeps)
        {
            Append(text, sweep, idle);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, SweepSnapshot sweep, Func<string, string>? idle)
    {
        var progress = SweepProgress.Of(sweep);
        text.AppendLine(
            CultureInfo.InvariantCulture, $"{sweep.Name}: {sweep.State.ToString().ToLowerInvariant()}, {progress.FoldsDone}/{progress.Folds} folds done, {progress.Share:P0} trained{(sweep.Imported is { } from ? $"; imported from {from}" : "")}");
        if (idle is not null && sweep.Imported is null && sweep.State == SweepState.Unfinished)
        {
            text.AppendLine($"  {idle(sweep.Name)}");
        }

        foreach (var arm in progress.Arms)
        {
            text.AppendLine($"  {arm.Name}: {arm.FoldsDone}/{arm.Folds}{string.Concat(arm.Running.Select(job => $"; {ProgressText.Running(job)}"))}");
        }

        foreach (var job in sweep.Jobs.Where(job => job.State == JobState.Failed || (job.State == JobState.Parked && job.Aside) || job.WaitsFor is not null))
        {
            text.AppendLine($"  {job.Id[..12]} {job.Title}, {job.Stage}: {(job.State == JobState.Failed ? $"failed after {job.Attempt} attempts: {job.Error}" : job.State == JobState.Parked ? job.Error : job.WaitsFor)}");
        }
    }
}

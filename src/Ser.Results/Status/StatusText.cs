using System.Globalization;
using System.Text;
using Ser.Domain.Jobs;

namespace Ser.Results.Status;

/// <summary>Writes the output of `ser status`.</summary>
public static class StatusText
{
    /// <summary>Writes every sweep with its arms, running jobs, failed jobs and jobs that are blocked.</summary>
    /// <param name="sweeps">Sweeps in order of submission.</param>
    /// <param name="idle">Explains, given its name, why an unfinished sweep does not run; null if sweeps are being run.</param>
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
        var progress = SweepProgress.FromSnapshot(sweep);
        string state = sweep.State.ToString().ToLowerInvariant();
        string share = progress.Share.ToString("P0", CultureInfo.InvariantCulture);
        string imported = sweep.Imported is { } from ? $"; imported from {from}" : "";
        text.AppendLine($"{sweep.Name}: {state}, {progress.FoldsDone}/{progress.Folds} folds done, {share} trained{imported}");
        if (idle is not null && sweep.Imported is null && sweep.State == SweepState.Unfinished)
        {
            text.AppendLine($"  {idle(sweep.Name)}");
        }

        foreach (var arm in progress.Arms)
        {
            string running = string.Concat(arm.Running.Select(job => $"; {ProgressText.DescribeJob(job)}"));
            text.AppendLine($"  {arm.Name}: {arm.FoldsDone}/{arm.Folds}{running}");
        }

        foreach (var job in sweep.Jobs)
        {
            if (DescribeProblem(job) is { } problem)
            {
                text.AppendLine($"  {job.Id[..12]} {job.Title}, {job.Stage}: {problem}");
            }
        }
    }

    // Null for a job that is done, runs or can still run.
    private static string? DescribeProblem(JobSnapshot job) => job.State switch
    {
        JobState.Failed => $"failed after {job.Attempt} attempts: {job.Error}",
        JobState.Parked when job.EliminatedByHalving => job.Error ?? "",
        _ => job.WaitsFor,
    };
}

using Ser.Client;
using Ser.Dashboard.Pages.Sweeps;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>
/// An action on a sweep with the jobs that it affects. The jobs are fixed when the preview opens, so that only previewed jobs change.
/// </summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Title">Title of the preview.</param>
/// <param name="Explanation">Describes the effect.</param>
/// <param name="Button">Text of the button that confirms the action.</param>
/// <param name="IsDestructive">Whether the action stops jobs, so that its button is shown in red.</param>
/// <param name="Jobs">The affected jobs.</param>
/// <param name="RunAsync">Carries out the action; reports the outcome of each job by its id and returns a summary.</param>
public sealed record PendingAction(
    string Sweep,
    string Title,
    string Explanation,
    string Button,
    bool IsDestructive,
    IReadOnlyList<JobSnapshot> Jobs,
    Func<SchedulerClient, Action<string, string>, Task<string>> RunAsync)
{
    /// <summary>Retries the failed jobs of a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="times">Compute times of its jobs.</param>
    public static PendingAction Retry(SweepSnapshot sweep, SweepTimes times)
    {
        var failed = sweep.Jobs.Where(job => job.State == JobState.Failed).ToList();
        const string Effect = "The jobs become ready again with their count of failures reset, and resume from their last checkpoints. "
            + "Earlier attempts and their logs are kept. Dependent jobs follow automatically.";
        return new PendingAction(
            sweep.Name,
            $"Retry {failed.Count} failed {Plural(failed.Count)} of {sweep.Name}",
            $"{Effect} {Cost(sweep, failed, times)}",
            "Retry",
            false,
            failed,
            (server, report) => RetryAsync(server, failed, report));
    }

    /// <summary>Cancels a sweep.</summary>
    public static PendingAction Cancel(SweepSnapshot sweep)
    {
        var unfinished = sweep.Jobs.Where(job => job.State is JobState.Waiting or JobState.Ready or JobState.Running).ToList();
        string explanation = $"Stops {unfinished.Count} unfinished {Plural(unfinished.Count)}, except jobs that another sweep needs. "
            + "Results and checkpoints are kept, and the sweep can be resumed.";
        return new PendingAction(
            sweep.Name,
            $"Cancel {sweep.Name}",
            explanation,
            "Cancel the sweep",
            true,
            unfinished,
            (server, _) => CancelAsync(server, sweep.Name));
    }

    /// <summary>Resumes a cancelled sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="times">Compute times of its jobs.</param>
    public static PendingAction Resume(SweepSnapshot sweep, SweepTimes times)
    {
        var stopped = sweep.Jobs.Where(job => job.State is JobState.Cancelled or JobState.Failed).ToList();
        string explanation = $"Queues {stopped.Count} cancelled or failed {Plural(stopped.Count)}. "
            + $"Training resumes from the last checkpoint. {Cost(sweep, stopped, times)}";
        return new PendingAction(
            sweep.Name,
            $"Resume {sweep.Name}",
            explanation,
            "Resume",
            false,
            stopped,
            (server, _) => ResumeAsync(server, sweep.Name));
    }

    // Includes the jobs that wait for the given ones, because they will run afterwards.
    private static string Cost(SweepSnapshot sweep, IReadOnlyList<JobSnapshot> jobs, SweepTimes times)
    {
        JobSnapshot[] all = [.. jobs, .. sweep.Jobs.Where(job => job.State == JobState.Waiting && job.WaitsFor is not null)];
        return TimesView.CostText(TimesView.EstimateCost(times, all), all.Length);
    }

    private static async Task<string> CancelAsync(SchedulerClient server, string sweep)
    {
        string path = $"api/sweeps/{Uri.EscapeDataString(sweep)}/cancel";
        int cancelled = (await server.PostAsync<CancelResponse>(path, CancellationToken.None)).Cancelled ?? 0;
        return $"{cancelled} {Plural(cancelled)} cancelled.";
    }

    private static async Task<string> ResumeAsync(SchedulerClient server, string sweep)
    {
        string path = $"api/sweeps/{Uri.EscapeDataString(sweep)}/resume";
        var answer = await server.PostAsync<ResumeResponse>(path, CancellationToken.None);
        return $"{answer.Revived} {Plural(answer.Revived)} queued.";
    }

    private static async Task<string> RetryAsync(SchedulerClient server, IReadOnlyList<JobSnapshot> jobs, Action<string, string> report)
    {
        int ready = 0, refused = 0;
        foreach (var job in jobs)
        {
            try
            {
                var answer = await server.PostAsync<RetryResponse>($"api/jobs/{job.Id}/retry", CancellationToken.None);
                ready += answer.Ready ?? 0;
                report(job.Id, "ready again");
            }
            catch (InputException refusal)
            {
                refused++;
                report(job.Id, refusal.Message);
            }
        }

        string summary = $"{ready} {(ready == 1 ? "job is" : "jobs are")} ready again.";
        return refused == 0 ? summary : $"{summary} {refused} refused: see the column Outcome.";
    }

    private static string Plural(int count) => count == 1 ? "job" : "jobs";
}

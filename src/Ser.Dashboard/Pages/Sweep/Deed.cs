using Ser.Client;
using Ser.Dashboard.Pages.Sweeps;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>An act with all that it is about, frozen when it was previewed: what was not seen is not touched.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Title">Headline of the preview.</param>
/// <param name="Explanation">What will happen.</param>
/// <param name="Button">The verb.</param>
/// <param name="Bad">Whether it takes something away.</param>
/// <param name="Jobs">Jobs that it is about.</param>
/// <param name="DoAsync">Does it; tells what came of each job and gives the summary.</param>
public sealed record Deed(
    string Sweep, string Title, string Explanation, string Button, bool Bad, IReadOnlyList<JobSnapshot> Jobs, Func<SerServer, Action<string, string>, Task<string>> DoAsync)
{
    /// <summary>Has failed jobs tried again, each by its id.</summary>
    /// <param name="sweep">As it is now.</param>
    /// <param name="times">What its jobs take.</param>
    public static Deed Retry(SweepSnapshot sweep, SweepTimes times)
    {
        var failed = sweep.Jobs.Where(job => job.State == JobState.Failed).ToList();
        return new Deed(
            sweep.Name, $"Retry {failed.Count} failed {(failed.Count == 1 ? "job" : "jobs")} of {sweep.Name}",
            "Each becomes ready again with its faults forgotten, and goes on from its last checkpoint where it has one. Attempts and logs stay. Jobs that wait for it follow by themselves. " + Cost(sweep, failed, times),
            "Retry", false, failed, (server, say) => RetryAsync(server, failed, say));
    }

    /// <summary>Cancels the sweep.</summary>
    public static Deed Cancel(SweepSnapshot sweep)
    {
        var open = sweep.Jobs.Where(job => job.State is JobState.Waiting or JobState.Ready or JobState.Running).ToList();
        return new Deed(
            sweep.Name, $"Cancel {sweep.Name}", $"{open.Count} jobs that are not over are stopped, unless another sweep wants them too. Results and checkpoints stay; the sweep can be resumed.",
            "Cancel the sweep", true, open, async (server, _) =>
            {
                var answer = await server.PostAsync<CancelAnswer>($"api/sweeps/{Uri.EscapeDataString(sweep.Name)}/cancel", CancellationToken.None);
                return $"{answer.Cancelled ?? 0} jobs were cancelled.";
            });
    }

    /// <summary>Wants a cancelled sweep again.</summary>
    /// <param name="sweep">As it is now.</param>
    /// <param name="times">What its jobs take.</param>
    public static Deed Resume(SweepSnapshot sweep, SweepTimes times)
    {
        var stopped = sweep.Jobs.Where(job => job.State is JobState.Cancelled or JobState.Failed).ToList();
        return new Deed(
            sweep.Name, $"Resume {sweep.Name}", $"{stopped.Count} jobs that were cancelled or have failed are wanted again and go on from their last checkpoints. {Cost(sweep, stopped, times)}",
            "Resume", false, stopped, async (server, _) =>
            {
                var answer = await server.PostAsync<ResumeAnswer>($"api/sweeps/{Uri.EscapeDataString(sweep.Name)}/resume", CancellationToken.None);
                return $"{answer.Revived} jobs are wanted again.";
            });
    }

    // Whatever waits for them is done too.
    private static string Cost(SweepSnapshot sweep, IReadOnlyList<JobSnapshot> jobs, SweepTimes times)
    {
        JobSnapshot[] all = [.. jobs, .. sweep.Jobs.Where(job => job.State == JobState.Waiting && job.WaitsFor is not null)];
        return TimesView.Cost(TimesView.CostOf(times, all), all.Length);
    }

    private static async Task<string> RetryAsync(SerServer server, IReadOnlyList<JobSnapshot> jobs, Action<string, string> say)
    {
        int ready = 0, refused = 0;
        foreach (var job in jobs)
        {
            try
            {
                var answer = await server.PostAsync<RetryAnswer>($"api/jobs/{job.Id}/retry", CancellationToken.None);
                ready += answer.Ready ?? 0;
                say(job.Id, "ready again");
            }
            catch (InputException refusal)
            {
                refused++;
                say(job.Id, refusal.Message);
            }
        }

        return $"{ready} {(ready == 1 ? "job is" : "jobs are")} ready again.{(refused == 0 ? "" : $" {refused} were refused: see what came of each.")}";
    }
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Ser.Client;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Api;

/// <summary>
/// Streams the changes of a sweep as server-sent events. Each event is a <see cref="SweepView"/> with the jobs that have changed since the
/// previous one.
/// </summary>
internal static class SweepEvents
{
    public static IResult Stream(
        string name,
        IJobReads reads,
        SchedulerTimings timings,
        TimeProvider clock,
        IHostApplicationLifetime life,
        CancellationToken disconnected)
    {
        var first = SweepEndpoints.Find(reads, name);
        var events = EventsAsync(first, reads, timings.SweepEventInterval, clock, life.ApplicationStopping, disconnected);
        return TypedResults.ServerSentEvents(events);
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        SweepSnapshot sweep,
        IJobReads reads,
        TimeSpan interval,
        TimeProvider clock,
        CancellationToken stop,
        [EnumeratorCancellation] CancellationToken disconnected)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, disconnected);
        using var timer = new PeriodicTimer(interval, clock);
        long? version = null;
        var sent = new Dictionary<string, JobSnapshot>();
        do
        {
            var changed = sweep.Jobs.Where(job => !sent.TryGetValue(job.Id, out var before) || Differs(before, job)).ToList();
            if (changed.Count > 0 || sweep.State != SweepState.Unfinished)
            {
                var view = new SweepView(sweep.Name, sweep.State, changed);
                yield return new SseItem<string>(JsonSerializer.Serialize(view, ApiJson.Options), "sweep");
            }

            foreach (var job in changed)
            {
                sent[job.Id] = job;
            }

            if (sweep.State != SweepState.Unfinished || !await WaitAsync(timer, end.Token))
            {
                yield break;
            }

            // Read before the sweep, so that a change between the two is sent next time.
            long current = reads.Version(sweep.Name);
            if (current != version)
            {
                version = current;
                sweep = reads.Sweep(sweep.Name);
            }
        }
        while (true);
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Records compare lists by reference. The lists of parents are left out of the comparison, because they never change.
    private static bool Differs(JobSnapshot a, JobSnapshot b) => a with { After = [] } != b with { After = [] };
}

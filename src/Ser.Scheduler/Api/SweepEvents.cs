using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Ser.Client;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Api;

/// <summary>What happens to a sweep, as server-sent events: each is a <see cref="SweepView"/> of the jobs that have changed since the last.</summary>
internal static class SweepEvents
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static IResult Stream(string name, IJobReads reads, TimeProvider clock, IHostApplicationLifetime life, CancellationToken gone)
    {
        var first = Sweeps.Find(reads, name);
        return TypedResults.ServerSentEvents(EventsAsync(first, reads, clock, life.ApplicationStopping, gone));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        SweepSnapshot sweep, IJobReads reads, TimeProvider clock, CancellationToken stop, [EnumeratorCancellation] CancellationToken gone)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, gone);
        using var timer = new PeriodicTimer(Look, clock);
        var told = new Dictionary<string, JobSnapshot>();
        do
        {
            var changed = sweep.Jobs.Where(job => told.GetValueOrDefault(job.Id) is not { } before || Differs(before, job)).ToList();
            if (changed.Count > 0 || sweep.State != SweepState.Unfinished)
            {
                yield return new SseItem<string>(JsonSerializer.Serialize(new SweepView(sweep.Name, sweep.State, changed), ApiJson.Options), "sweep");
            }

            foreach (var job in changed)
            {
                told[job.Id] = job;
            }

            if (sweep.State != SweepState.Unfinished || !await Ticks(timer, end.Token))
            {
                yield break;
            }

            sweep = reads.Sweep(sweep.Name);
        }
        while (true);
    }

    private static async Task<bool> Ticks(PeriodicTimer timer, CancellationToken end)
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

    // Lists are equal by reference only, and a job's parents do not change.
    private static bool Differs(JobSnapshot a, JobSnapshot b) => a with { After = [] } != b with { After = [] };
}

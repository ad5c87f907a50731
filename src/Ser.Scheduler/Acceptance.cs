using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Hosting.Telemetry;

namespace Ser.Scheduler;

/// <summary>Looks at offered results: whole ones are accepted and their dependants released, a damaged one is charged.</summary>
public sealed class Acceptance(IJobStore jobs, IArtifactStore artifacts, ILogger<Acceptance> log)
{
    private const int Batch = 16;
    private static readonly ParallelOptions Together = new() { MaxDegreeOfParallelism = 8 };
    private readonly Lock one = new();

    /// <summary>Looks at every offered result that nobody has looked at.</summary>
    /// <returns>How many were accepted.</returns>
    public int RunOnce()
    {
        lock (one)
        {
            return jobs.Offered().Chunk(Batch).Sum(Look);
        }
    }

    private int Look(IReadOnlyList<OfferedResult> offered)
    {
        using var span = Traces.Acceptance(offered);
        var damages = new ConcurrentDictionary<OfferedResult, string>();
        InParallel(offered, result =>
        {
            if (artifacts.Verify(result) is { } damage)
            {
                damages[result] = damage;
            }
        });
        foreach (var (result, damage) in damages)
        {
            log.LogWarning("{Stage} {Job}, attempt {Attempt}: {Damage}", result.Stage, result.JobId, result.Attempt, damage);
            jobs.Reject(result, damage);
        }

        var accepted = jobs.Accept([.. offered.Where(result => !damages.ContainsKey(result))]);
        InParallel(accepted, result => artifacts.RemoveCheckpoints(result.JobId, keep: jobs.CheckpointOf(result.JobId)));
        span.End($"{accepted.Count} accepted, {damages.Count} damaged", failed: !damages.IsEmpty);
        return accepted.Count;
    }

    // The first failure is thrown as it is: whoever runs this waits for a store that is away.
    private static void InParallel<T>(IReadOnlyList<T> items, Action<T> work)
    {
        if (items.Count == 1)
        {
            work(items[0]);
            return;
        }

        try
        {
            Parallel.ForEach(items, Together, work);
        }
        catch (AggregateException several)
        {
            throw several.InnerExceptions[0];
        }
    }
}

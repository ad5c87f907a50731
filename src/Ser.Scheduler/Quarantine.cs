using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Scheduler;

/// <summary>
/// Puts workers into quarantine whose last attempts were all faults of different jobs while other workers completed jobs. An experiment
/// that fails on every worker does not cause a quarantine.
/// </summary>
public sealed class Quarantine(
    IJobReads reads,
    IWorkerRegistry workers,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<Quarantine> log)
{
    /// <summary>Number of consecutive faults that lead to a quarantine.</summary>
    public const int Faults = 3;

    /// <summary>Checks all workers that take jobs.</summary>
    public void RunOnce()
    {
        var now = clock.GetUtcNow();
        double earliest = (now - timings.QuarantineWindow).ToUnixTimeSeconds();
        var working = workers.All().Where(worker => worker.Order == WorkerOrder.Work && worker.IsAliveAt(now));
        var judgedSince = working.ToDictionary(worker => worker.Name, worker => Math.Max(earliest, worker.Reinstated));
        if (judgedSince.Count < 2)
        {
            return;
        }

        foreach (var (name, error) in reads.SuspectWorkers(judgedSince, Faults))
        {
            string why = $"its last {Faults} jobs failed while other workers completed theirs; the last error: {error}";
            if (workers.Quarantine(name, why))
            {
                log.LogWarning("{Worker} is in quarantine: {Why}; once it is repaired: ser worker release {Name}", name, why, name);
            }
        }
    }
}

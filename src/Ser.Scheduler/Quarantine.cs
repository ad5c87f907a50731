using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Scheduler;

/// <summary>
/// Puts a worker into quarantine on which everything fails: its last attempts were all faults, of different jobs, while others got something done. An experiment that fails everywhere is no worker's fault.
/// </summary>
public sealed class Quarantine(IJobReads reads, IWorkerRegistry workers, TimeProvider clock, ILogger<Quarantine> log)
{
    /// <summary>Faults in a row.</summary>
    public const int Faults = 3;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Looks at every worker that takes jobs.</summary>
    public void RunOnce()
    {
        var now = clock.GetUtcNow();
        double earliest = (now - Memory).ToUnixTimeSeconds();
        var working = workers.All().Where(worker => worker.Order == WorkerOrder.Work && worker.IsAliveAt(now)).ToDictionary(worker => worker.Name, worker => Math.Max(earliest, worker.Released));
        if (working.Count < 2)
        {
            return;
        }

        foreach (var (name, error) in reads.Suspects(working, Faults))
        {
            string why = $"its last {Faults} jobs failed while other workers got theirs done; the last error: {error}";
            if (workers.Quarantine(name, why))
            {
                log.LogWarning("{Worker} is in quarantine: {Why}; when it is mended: ser worker release {Name}", name, why, name);
            }
        }
    }
}

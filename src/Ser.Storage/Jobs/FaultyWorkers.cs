using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Workers that fail jobs which other workers complete.</summary>
internal static class FaultyWorkers
{
    /// <summary>
    /// The workers whose last attempts were all faults of different jobs while another worker had a result accepted, with their last
    /// error. Takes a fixed number of queries.
    /// </summary>
    /// <param name="db">The database.</param>
    /// <param name="workers">For each worker, the time in Unix seconds from which its attempts are judged.</param>
    /// <param name="faults">Number of faults in a row.</param>
    internal static IReadOnlyDictionary<string, string> Find(JobContext db, IReadOnlyDictionary<string, double> workers, int faults)
    {
        double earliest = workers.Values.DefaultIfEmpty(double.MaxValue).Min();
        var failedByWorker = db.Attempts.AsNoTracking()
            .Where(row => row.Outcome == AttemptOutcome.Faulted && row.Ended > earliest)
            .OrderByDescending(row => row.Ended)
            .Select(row => new { row.Worker, row.JobId, row.Ended, row.Why })
            .AsEnumerable()
            .ToLookup(row => SlotName.Parse(row.Worker).Worker);
        var lastAccepted = db.Attempts.AsNoTracking()
            .Where(row => row.Outcome == AttemptOutcome.Accepted && row.Ended > earliest)
            .GroupBy(row => row.Worker)
            .Select(slot => new { Slot = slot.Key, Last = slot.Max(row => row.Ended) })
            .AsEnumerable()
            .GroupBy(slot => SlotName.Parse(slot.Slot).Worker, slot => slot.Last)
            .ToDictionary(worker => worker.Key, worker => worker.Max());
        var suspects = new Dictionary<string, string>();
        foreach (var (name, since) in workers)
        {
            var failed = failedByWorker[name].Where(row => row.Ended > since).Take(faults).ToList();
            if (failed.Select(row => row.JobId).Distinct().Count() < faults)
            {
                continue;
            }

            double? from = failed[^1].Ended;
            bool completesOthers = lastAccepted.GetValueOrDefault(name) >= from;
            if (!completesOthers && lastAccepted.Any(worker => worker.Key != name && worker.Value >= from))
            {
                suspects[name] = failed[0].Why ?? "";
            }
        }

        return suspects;
    }
}

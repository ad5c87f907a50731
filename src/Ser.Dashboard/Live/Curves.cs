using System.Collections.Concurrent;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Live;

/// <summary>Learning curves, read again only when a job has a new point, whoever looks.</summary>
internal sealed class Curves(DashboardStores stores)
{
    private const int Most = 2_000;
    private readonly ConcurrentDictionary<string, (int Attempt, int Last, IReadOnlyList<EpochPoint> Points)> known = new(StringComparer.Ordinal);

    /// <summary>The curve of a job, by epoch.</summary>
    public IReadOnlyList<EpochPoint> Of(JobSnapshot job)
    {
        if (job.Progress?.Point is not { } last)
        {
            return [];
        }

        if (known.TryGetValue(job.Id, out var curve) && curve.Attempt == job.Attempt && curve.Last == last.Epoch)
        {
            return curve.Points;
        }

        // The one new point came with the snapshot.
        var points = curve.Points is { Count: > 0 } before && curve.Attempt == job.Attempt && curve.Last == last.Epoch - 1 ? [.. before, last] : stores.Reads.Points(job.Id);
        if (known.Count >= Most)
        {
            known.Clear();
        }

        known[job.Id] = (job.Attempt, last.Epoch, points);
        return points;
    }
}

using System.Collections.Concurrent;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Live;

/// <summary>
/// Learning curves of jobs, shared by all pages. The store is read only when a job has gained more than the one point that its
/// snapshot already carries.
/// </summary>
internal sealed class LearningCurveCache(DashboardStores stores)
{
    private const int MaxCurves = 2_000;
    private readonly ConcurrentDictionary<string, CachedCurve> _cache = new(StringComparer.Ordinal);

    /// <summary>The curve of a job, ordered by epoch.</summary>
    public IReadOnlyList<EpochPoint> Get(JobSnapshot job)
    {
        if (job.Progress?.Point is not { } last)
        {
            return [];
        }

        bool sameAttempt = _cache.TryGetValue(job.Id, out var cached) && cached.Attempt == job.Attempt;
        if (sameAttempt && cached!.LastEpoch == last.Epoch)
        {
            return cached.Points;
        }

        // A single new point comes with the snapshot, so the store need not be read for it.
        bool oneNewPoint = sameAttempt && cached!.Points.Count > 0 && cached.LastEpoch == last.Epoch - 1;
        var points = oneNewPoint ? [.. cached!.Points, last] : stores.Reads.LearningCurve(job.Id);
        if (_cache.Count >= MaxCurves)
        {
            _cache.Clear();
        }

        _cache[job.Id] = new CachedCurve(job.Attempt, last.Epoch, points);
        return points;
    }

    private sealed record CachedCurve(int Attempt, int LastEpoch, IReadOnlyList<EpochPoint> Points);
}

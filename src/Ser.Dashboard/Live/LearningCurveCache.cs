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
    public IReadOnlyList<EpochPoint> Get(JobSnapshot job) => Get([job])[0];

    /// <summary>The curves of these jobs, in their order, each ordered by epoch. The store is read at most once.</summary>
    public IReadOnlyList<IReadOnlyList<EpochPoint>> Get(IReadOnlyList<JobSnapshot> jobs)
    {
        string[] missing = [.. jobs.Where(job => FindCached(job) is null).Select(job => job.Id)];
        var read = missing.Length == 0 ? null : stores.Reads.LearningCurves(missing);
        return [.. jobs.Select(job => FindCached(job) ?? Keep(job, [.. read![job.Id]]))];
    }

    // Null if the store has to be read.
    private IReadOnlyList<EpochPoint>? FindCached(JobSnapshot job)
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
        return oneNewPoint ? Keep(job, [.. cached!.Points, last]) : null;
    }

    private IReadOnlyList<EpochPoint> Keep(JobSnapshot job, IReadOnlyList<EpochPoint> points)
    {
        if (_cache.Count >= MaxCurves)
        {
            _cache.Clear();
        }

        _cache[job.Id] = new CachedCurve(job.Attempt, job.Progress?.Point?.Epoch ?? 0, points);
        return points;
    }

    private sealed record CachedCurve(int Attempt, int LastEpoch, IReadOnlyList<EpochPoint> Points);
}

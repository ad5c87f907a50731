using Ser.Domain;
using Ser.Reporting.Report;
using Ser.Results;
using Ser.Stages.Project;

namespace Ser.Dashboard.Reading;

/// <summary>Figures of sweeps, drawn once for each set of accepted results.</summary>
internal sealed class FiguresCache(DashboardStores stores)
{
    private const int Capacity = 12;

    /// <summary>The one figure that changes between accepted results, because it shows the learning curves.</summary>
    private const string LearningCurves = "curves";

    private readonly LruCache<Figure?> _cache = new(Capacity);

    /// <summary>A figure of a sweep; null if the sweep has no data for it yet.</summary>
    /// <exception cref="Ser.Domain.InputException">There is no figure of that name.</exception>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or has been deleted.</exception>
    public Task<Figure?> GetAsync(StoredSweep sweep, string figure)
    {
        var jobs = sweep.Snapshot.Jobs;
        var projections = jobs.Where(job => job.Stage == ProjectStage.StageName).Select(job => $"{job.Id}:{job.Result?.Attempt}");
        var epochs = figure == LearningCurves ? jobs.Select(job => $"{job.Progress?.Point?.Epoch}") : [];
        string key = string.Join('\n', [figure, TablesCache.ResultsKey(sweep), .. projections, .. epochs]);
        ReportInput Read() => StoredReport.Read(stores.Reads, stores.Artifacts, sweep.Snapshot.Name);
        return _cache.GetOrAddAsync(key, () => Figures.Draw(Read(), figure));
    }
}

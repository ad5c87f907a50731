using Ser.Domain;
using Ser.Reporting.Report;
using Ser.Results;
using Ser.Stages.Project;

namespace Ser.Dashboard.Reading;

/// <summary>Figures of sweeps, drawn once for each set of accepted results.</summary>
internal sealed class FiguresCache(DashboardStores stores)
{
    private const int Most = 12;

    /// <summary>Learning curves move between results.</summary>
    private const string Moving = "curves";

    private readonly Kept<Figure?> kept = new(Most);

    /// <summary>A figure; null where the sweep has nothing for it yet.</summary>
    /// <exception cref="Ser.Domain.InputException">No such figure.</exception>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or gone.</exception>
    public Task<Figure?> OfAsync(StoredSweep sweep, string figure)
    {
        var projected = sweep.Snapshot.Jobs.Where(job => job.Stage == ProjectStage.StageName).Select(job => $"{job.Id}:{job.Result?.Attempt}");
        var points = figure == Moving ? sweep.Snapshot.Jobs.Select(job => $"{job.Progress?.Point?.Epoch}") : [];
        return kept.OfAsync(
            string.Join('\n', [figure, TablesCache.KeyOf(sweep), .. projected, .. points]),
            () => Figures.Of(StoredReport.Of(stores.Reads, stores.Artifacts, sweep.Snapshot.Name), figure));
    }
}

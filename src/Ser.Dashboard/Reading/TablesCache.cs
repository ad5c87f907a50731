using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Stages.Evaluate;

namespace Ser.Dashboard.Reading;

/// <summary>The computed tables of a sweep.</summary>
/// <param name="Results">Every row.</param>
/// <param name="Headline">The row that represents the sweep; null if no fold is done.</param>
internal sealed record ComputedSweep(SweepResults Results, Headline? Headline);

/// <summary>Tables of sweeps, computed once for each set of accepted results.</summary>
internal sealed class TablesCache(IArtifactStore artifacts)
{
    private const int Capacity = 12;
    private readonly LruCache<ComputedSweep> _cache = new(Capacity);

    /// <summary>The tables of a sweep.</summary>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or has been deleted.</exception>
    public Task<ComputedSweep> GetAsync(StoredSweep sweep) => _cache.GetOrAddAsync(ResultsKey(sweep), () =>
    {
        var input = StoredResults.ReadInput(artifacts, sweep);
        var results = ResultsComputation.Compute(input);
        return new ComputedSweep(results, Headline.Choose(input, results));
    });

    /// <summary>A text that differs whenever the set of accepted results, or the reason for a missing one, differs.</summary>
    internal static string ResultsKey(StoredSweep sweep)
    {
        var evaluations = sweep.Snapshot.Jobs.Where(job => job.Stage == Ser.Stages.Evaluate.EvaluateStage.StageName);
        var states = evaluations.Select(job => job.Result is { } result ? $"{job.Id}:{result.Attempt}" : $"{job.Id} {job.WaitsFor}");
        return string.Join('\n', states.Prepend(sweep.Snapshot.Name));
    }
}

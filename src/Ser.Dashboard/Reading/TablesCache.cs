using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Stages.Evaluate;

namespace Ser.Dashboard.Reading;

/// <summary>What the tables of a sweep came to.</summary>
/// <param name="Results">Every row.</param>
/// <param name="Headline">The one that stands for the sweep; null: no fold is done.</param>
internal sealed record SweepAnswer(SweepResults Results, Headline? Headline);

/// <summary>Tables of sweeps, computed once for each set of accepted results.</summary>
internal sealed class TablesCache(IArtifactStore artifacts)
{
    private const int Most = 12;
    private readonly Kept<SweepAnswer> kept = new(Most);

    /// <summary>The tables of a sweep as it was read.</summary>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or gone.</exception>
    public Task<SweepAnswer> OfAsync(StoredSweep sweep) => kept.OfAsync(KeyOf(sweep), () =>
    {
        var input = StoredResults.Input(artifacts, sweep);
        var results = SweepTables.Compute(input);
        return new SweepAnswer(results, Headline.Of(input, results));
    });

    /// <summary>Tells sets of accepted results apart.</summary>
    internal static string KeyOf(StoredSweep sweep) => string.Join('\n', sweep.Snapshot.Jobs
        .Where(job => job.Stage == Ser.Stages.Evaluate.EvaluateStage.StageName)
        .Select(job => job.Result is { } result ? $"{job.Id}:{result.Attempt}" : $"{job.Id} {job.WaitsFor}")
        .Prepend(sweep.Snapshot.Name));
}

using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Reporting.Results;
using Ser.Scheduler.Results;

namespace Ser.Dashboard.Reading;

/// <summary>What the tables of a sweep came to.</summary>
/// <param name="Results">Every row.</param>
/// <param name="Headline">The one that stands for the sweep; null: no fold is done.</param>
internal sealed record SweepAnswer(SweepResults Results, Headline? Headline);

/// <summary>Tables of sweeps, computed once for each set of accepted results, one at a time, whoever asks.</summary>
internal sealed class TablesCache(IArtifactStore artifacts)
{
    private const int Most = 12;
    private readonly Lock one = new();
    private readonly SemaphoreSlim computing = new(1);
    private readonly LinkedList<(string Key, Task<SweepAnswer> Answer)> kept = new();

    /// <summary>The tables of a sweep as it was read.</summary>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or gone.</exception>
    public Task<SweepAnswer> OfAsync(StoredSweep sweep)
    {
        string key = KeyOf(sweep);
        lock (one)
        {
            var found = kept.FirstOrDefault(entry => entry.Key == key);
            if (found.Answer is null || found.Answer.IsFaulted)
            {
                found = (key, ComputeAsync(sweep));
            }

            kept.Remove(kept.FirstOrDefault(entry => entry.Key == key));
            kept.AddFirst(found);
            if (kept.Count > Most)
            {
                kept.RemoveLast();
            }

            return found.Answer!;
        }
    }

    /// <summary>Tells sets of accepted results apart.</summary>
    internal static string KeyOf(StoredSweep sweep) => string.Join('\n', sweep.Snapshot.Jobs
        .Where(job => job.Stage == Ser.Stages.Evaluate.EvaluateStage.StageName)
        .Select(job => job.Result is { } result ? $"{job.Id}:{result.Attempt}" : $"{job.Id}-{(job.State == JobState.Failed ? "failed" : "")}")
        .Prepend(sweep.Snapshot.Name));

    private async Task<SweepAnswer> ComputeAsync(StoredSweep sweep)
    {
        await computing.WaitAsync();
        try
        {
            return await Task.Run(() =>
            {
                var input = StoredResults.Input(artifacts, sweep);
                var results = SweepTables.Compute(input);
                return new SweepAnswer(results, Headline.Of(input, results));
            });
        }
        finally
        {
            computing.Release();
        }
    }
}

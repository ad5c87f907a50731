using Ser.Domain.Jobs;
using Ser.Domain.Statistics;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>One fold of one arm.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="State">Failed where any job failed, running where any runs, done where all are.</param>
/// <param name="Ua">UA of its test speakers; null: not there.</param>
/// <param name="Outlier">Whether it lies far from the arm's other folds.</param>
/// <param name="Said">For people: what is behind the state.</param>
public sealed record FoldCell(int Fold, JobState State, double? Ua, bool Outlier, string Said);

/// <summary>One arm over all folds.</summary>
public sealed record ArmRow(string Arm, IReadOnlyList<FoldCell> Cells);

/// <summary>Arms × folds.</summary>
/// <param name="Folds">Numbers of the folds.</param>
/// <param name="Speakers">Test speakers of each fold; a fold that no arm has finished has none.</param>
/// <param name="Arms">Row by arm.</param>
/// <param name="Inference">What the UA is of.</param>
public sealed record FoldMatrix(IReadOnlyList<int> Folds, IReadOnlyDictionary<int, string> Speakers, IReadOnlyList<ArmRow> Arms, string Inference)
{
    private const int FewestForOutliers = 5;

    /// <summary>From the jobs and, as far as they are there, the results.</summary>
    public static FoldMatrix Of(StoredSweep sweep, SweepResults? results)
    {
        string inference = results?.Rows.Any(row => row.Selection == RowKinds.PooledValidation && row.Inference == RowKinds.Both) == true ? RowKinds.Both : RowKinds.Model;
        var rows = (results?.Rows ?? []).Where(row => row.Seed is not null && row.Inference == inference && row.Selection is RowKinds.None or RowKinds.PooledValidation)
            .DistinctBy(row => row.Arm).ToDictionary(row => row.Arm);
        int[] folds = [.. sweep.Snapshot.Jobs.Select(job => job.Fold).Distinct().Order()];
        var arms = sweep.Snapshot.Jobs.GroupBy(job => job.Arm).Select(arm =>
        {
            var scores = (rows.GetValueOrDefault(arm.Key)?.Folds ?? []).ToDictionary(fold => fold.Fold, fold => fold.Ua);
            var outliers = Outliers(scores);
            return new ArmRow(arm.Key, [.. arm.GroupBy(job => job.Fold).OrderBy(fold => fold.Key).Select(fold =>
                new FoldCell(fold.Key, StateOf([.. fold]), scores.TryGetValue(fold.Key, out double ua) ? ua : null, outliers.Contains(fold.Key), Said([.. fold])))]);
        });
        var speakers = rows.Values.SelectMany(row => row.Folds).DistinctBy(fold => fold.Fold).ToDictionary(fold => fold.Fold, fold => string.Join(", ", fold.TestSpeakers));
        return new FoldMatrix(folds, speakers, [.. arms], inference);
    }

    /// <summary>Where a fold is, as its jobs say.</summary>
    public static JobState StateOf(IReadOnlyList<JobSnapshot> jobs) =>
        ((JobState[])[JobState.Failed, JobState.Running, JobState.Parked, JobState.Cancelled]).FirstOrDefault(state => jobs.Any(job => job.State == state), jobs.All(job => job.State == JobState.Done) ? JobState.Done : JobState.Waiting);

    /// <summary>Folds beyond Tukey's fences: further than 1.5 interquartile ranges from the middle half. None where there are fewer than five.</summary>
    public static IReadOnlySet<int> Outliers(IReadOnlyDictionary<int, double> scores)
    {
        if (scores.Count < FewestForOutliers)
        {
            return new HashSet<int>();
        }

        double[] sorted = [.. scores.Values.Order()];
        double low = Percentile.Of(sorted, 25), high = Percentile.Of(sorted, 75), reach = 1.5 * (high - low);
        return scores.Where(score => score.Value < low - reach || score.Value > high + reach).Select(score => score.Key).ToHashSet();
    }

    private static string Said(IReadOnlyList<JobSnapshot> jobs) =>
        jobs.FirstOrDefault(job => job.State == JobState.Failed) is { } failed ? $"{failed.Stage} failed after {failed.Attempt} attempts: {failed.Error}"
        : jobs.FirstOrDefault(job => job.State == JobState.Running) is { } running ? Results.Status.ProgressText.Running(running)
        : jobs.FirstOrDefault(job => job.State == JobState.Parked) is { } parked ? parked.Error ?? "parked until the other arms have come to this epoch"
        : jobs.FirstOrDefault(job => job.WaitsFor is not null)?.WaitsFor ?? (jobs.All(job => job.State == JobState.Done) ? "done" : jobs.Any(job => job.State == JobState.Done) ? "between stages" : "not begun");
}

using Ser.Domain.Jobs;
using Ser.Domain.Statistics;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>One fold of one arm.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="State">Failed if any job failed, running if any is running, done if all are done.</param>
/// <param name="Ua">UA of the test speakers; null if there is no result yet.</param>
/// <param name="IsOutlier">Whether the UA lies far from that of the arm's other folds.</param>
/// <param name="Explanation">Explains the state.</param>
public sealed record FoldCell(int Fold, JobState State, double? Ua, bool IsOutlier, string Explanation);

/// <summary>One arm with its folds.</summary>
public sealed record ArmRow(string Arm, IReadOnlyList<FoldCell> Cells);

/// <summary>The matrix of arms × folds.</summary>
/// <param name="Folds">Numbers of the folds.</param>
/// <param name="Speakers">Test speakers by fold; missing for a fold that no arm has finished.</param>
/// <param name="Arms">A row for each arm.</param>
/// <param name="Inference">The kind of inference whose UA is shown.</param>
public sealed record FoldMatrix(
    IReadOnlyList<int> Folds,
    IReadOnlyDictionary<int, string> Speakers,
    IReadOnlyList<ArmRow> Arms,
    string Inference)
{
    private const int MinFoldsForOutliers = 5;

    /// <summary>Builds the matrix from the jobs and, as far as they are available, the results.</summary>
    public static FoldMatrix Create(StoredSweep sweep, SweepResults? results)
    {
        var allRows = results?.Rows ?? [];
        string inference = allRows.Any(row => row.Selection == RowKinds.PooledValidation && row.Inference == RowKinds.ModelWithNeighbours)
            ? RowKinds.ModelWithNeighbours
            : RowKinds.Model;
        bool IsShown(ResultRow row) =>
            row.Seed is not null && row.Inference == inference && row.Selection is RowKinds.None or RowKinds.PooledValidation;
        var rows = allRows.Where(IsShown).DistinctBy(row => row.Arm).ToDictionary(row => row.Arm);
        int[] folds = [.. sweep.Snapshot.Jobs.Select(job => job.Fold).Distinct().Order()];
        var arms = sweep.Snapshot.Jobs.GroupBy(job => job.Arm).Select(jobs => Row(jobs.Key, jobs, rows.GetValueOrDefault(jobs.Key)));
        var speakers = rows.Values
            .SelectMany(row => row.Folds)
            .DistinctBy(fold => fold.Fold)
            .ToDictionary(fold => fold.Fold, fold => string.Join(", ", fold.TestSpeakers));
        return new FoldMatrix(folds, speakers, [.. arms], inference);
    }

    /// <summary>State of a fold, derived from the states of its jobs.</summary>
    public static JobState CombineStates(IReadOnlyList<JobSnapshot> jobs)
    {
        JobState[] decisive = [JobState.Failed, JobState.Running, JobState.Parked, JobState.Cancelled];
        var otherwise = jobs.All(job => job.State == JobState.Done) ? JobState.Done : JobState.Waiting;
        return decisive.FirstOrDefault(state => jobs.Any(job => job.State == state), otherwise);
    }

    /// <summary>
    /// Folds outside Tukey's fences, that is, more than 1.5 interquartile ranges below the first or above the third quartile. With fewer
    /// than five folds there are none.
    /// </summary>
    public static IReadOnlySet<int> Outliers(IReadOnlyDictionary<int, double> scores)
    {
        if (scores.Count < MinFoldsForOutliers)
        {
            return new HashSet<int>();
        }

        double[] sorted = [.. scores.Values.Order()];
        double low = Percentile.Compute(sorted, 25), high = Percentile.Compute(sorted, 75), reach = 1.5 * (high - low);
        return scores.Where(score => score.Value < low - reach || score.Value > high + reach).Select(score => score.Key).ToHashSet();
    }

    private static ArmRow Row(string arm, IEnumerable<JobSnapshot> jobs, ResultRow? row)
    {
        var scores = (row?.Folds ?? []).ToDictionary(fold => fold.Fold, fold => fold.Ua);
        var outliers = Outliers(scores);
        var cells = jobs.GroupBy(job => job.Fold).OrderBy(fold => fold.Key).Select(fold =>
        {
            JobSnapshot[] foldJobs = [.. fold];
            double? ua = scores.TryGetValue(fold.Key, out double score) ? score : null;
            return new FoldCell(fold.Key, CombineStates(foldJobs), ua, outliers.Contains(fold.Key), Describe(foldJobs));
        });
        return new ArmRow(arm, [.. cells]);
    }

    private static string Describe(IReadOnlyList<JobSnapshot> jobs)
    {
        if (jobs.FirstOrDefault(job => job.State == JobState.Failed) is { } failed)
        {
            return $"{failed.Stage} failed after {failed.Attempt} {(failed.Attempt == 1 ? "attempt" : "attempts")}: {failed.Error}";
        }

        if (jobs.FirstOrDefault(job => job.State == JobState.Running) is { } running)
        {
            return Results.Status.ProgressText.DescribeJob(running);
        }

        if (jobs.FirstOrDefault(job => job.State == JobState.Parked) is { } parked)
        {
            return parked.Error ?? "parked until the other arms have reached this epoch";
        }

        int done = jobs.Count(job => job.State == JobState.Done);
        return jobs.FirstOrDefault(job => job.WaitsFor is not null)?.WaitsFor
            ?? (done == jobs.Count ? "done" : done > 0 ? "between stages" : "not started");
    }
}

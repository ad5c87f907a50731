using Ser.Domain.Measures;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Summarizes rows over folds. Rows that differ by seed alone are averaged over seeds first.</summary>
internal static class RowSummary
{
    /// <summary>One row of the results; null where no fold is finished for every run.</summary>
    /// <param name="runs">The same row of one or several seeds. Only folds that all of them have are used.</param>
    /// <param name="classes">Class names.</param>
    /// <param name="bootstrap">Computes the intervals.</param>
    public static ResultRow? Summarize(IReadOnlyList<PredictedRow> runs, IReadOnlyList<string> classes, SpeakerBootstrap bootstrap)
    {
        var common = PredictedRow.CommonFolds(runs);
        if (common.Count == 0)
        {
            return null;
        }

        PredictedFold[][] folds = [.. runs.Select(run => run.FoldsIn(common))];
        FoldRow[] rows = [.. Enumerable.Range(0, common.Count).Select(i => Fold([.. folds.Select(run => run[i])], classes))];
        Confusion[] pooled = [.. folds.Select(run => Confusion.Pooled(run.Select(fold => fold.Confusion), classes.Count))];
        var (wa, ua) = bootstrap.ComputeIntervals([.. runs.Select(run => run.ConfusionBySpeaker(common))]);
        var arm = runs[0].Arm;
        bool singleSeed = runs.Count == 1;
        return new ResultRow(
            singleSeed ? arm.Arm.Name : arm.Arm.NameWithSeeds($"mean of {runs.Count} seeds"),
            arm.Arm.Lambda, arm.Arm.Augmentation, arm.Encoder, arm.Profile, singleSeed ? arm.Arm.Seed : null, runs.Count,
            runs[0].Inference, runs[0].Selection, runs[0].Weighting,
            CommonValue(rows.Select(row => row.Temperature)),
            CommonValue(rows.Select(row => row.K)),
            CommonValue(rows.Select(row => row.Alpha)),
            Score([.. rows.Select(row => row.Wa)], pooled.Average(run => run.Wa), wa),
            Score([.. rows.Select(row => row.Ua)], pooled.Average(run => run.Ua), ua),
            Confusion.Pooled(pooled, classes.Count),
            rows);
    }

    private static FoldRow Fold(PredictedFold[] runs, IReadOnlyList<string> classes)
    {
        var fold = runs[0].Evaluation;
        Confusion[] confusions = [.. runs.Select(run => run.Confusion)];
        double wa = confusions.Average(run => run.Wa);
        double ua = confusions.Average(run => run.Ua);
        int? k = CommonValue(runs.Select(run => run.Chosen?.K));
        double? alpha = CommonValue(runs.Select(run => (double?)(run.Chosen?.Alpha ?? 0)));
        double? temperature = CommonValue(runs.Select(run => run.Chosen?.TemperatureFactor));
        string[] absent = [.. classes.Where((_, c) => confusions[0].Counts[c].Sum() == 0)];
        string? jobId = runs.Length == 1 ? runs[0].Input.JobId : null;
        return new FoldRow(
            fold.Fold, fold.TestSpeakers, fold.ValidationSpeakers, fold.Test.Count, wa, ua, k, alpha, temperature,
            Confusion.Pooled(confusions, classes.Count), absent, jobId);
    }

    // The common value; null where values differ.
    private static T? CommonValue<T>(IEnumerable<T?> values)
        where T : struct => values.Distinct().Take(2).ToArray() is [var common] ? common : null;

    private static Score Score(double[] values, double pooled, SpeakerBootstrap.Interval interval)
    {
        var spread = Spread.FromValues(values);
        return new Score(spread.Mean, spread.Sd, pooled, interval.Low, interval.High);
    }
}

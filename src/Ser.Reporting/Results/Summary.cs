using Ser.Domain.Measures;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Sums up rows over folds, and rows that differ by seed alone over seeds first.</summary>
internal static class Summary
{
    /// <summary>One row for people and programs.</summary>
    /// <param name="runs">The same row of one seed or of several; only folds that all of them have take part.</param>
    /// <param name="classes">Class names.</param>
    /// <param name="bootstrap">Makes the intervals.</param>
    public static ResultRow? Row(IReadOnlyList<AnsweredRow> runs, IReadOnlyList<string> classes, SpeakerBootstrap bootstrap)
    {
        var common = AnsweredRow.Common(runs);
        if (common.Count == 0)
        {
            return null;
        }

        AnsweredFold[][] folds = [.. runs.Select(run => run.On(common))];
        FoldRow[] rows = [.. Enumerable.Range(0, common.Count).Select(i => Fold([.. folds.Select(run => run[i])], classes))];
        Confusion[] pooled = [.. folds.Select(run => Confusion.Pooled(run.Select(fold => fold.Confusion), classes.Count))];
        var (wa, ua) = bootstrap.Of([.. runs.Select(run => run.Speakers(common))]);
        var arm = runs[0].Arm;
        bool alone = runs.Count == 1;
        return new ResultRow(
            alone ? arm.Arm.Name : arm.Arm.NameOver($"mean of {runs.Count} seeds"),
            arm.Arm.Lambda, arm.Arm.Augmentation, arm.Encoder, arm.Profile, alone ? arm.Arm.Seed : null, runs.Count,
            runs[0].Inference, runs[0].Selection, runs[0].Weighting,
            Same(rows.Select(row => row.Temperature)), Same(rows.Select(row => row.K)), Same(rows.Select(row => row.Alpha)),
            Score([.. rows.Select(row => row.Wa)], pooled.Average(one => one.Wa), wa),
            Score([.. rows.Select(row => row.Ua)], pooled.Average(one => one.Ua), ua),
            Confusion.Pooled(pooled, classes.Count),
            rows);
    }

    private static FoldRow Fold(AnsweredFold[] runs, IReadOnlyList<string> classes)
    {
        var fold = runs[0].Evaluation;
        Confusion[] confusions = [.. runs.Select(run => run.Confusion)];
        return new FoldRow(
            fold.Fold, fold.TestSpeakers, fold.ValidationSpeakers, fold.Test.Count, confusions.Average(one => one.Wa), confusions.Average(one => one.Ua),
            Same(runs.Select(run => run.Chosen?.K)), Same(runs.Select(run => (double?)(run.Chosen?.Alpha ?? 0))), Same(runs.Select(run => run.Chosen?.TemperatureFactor)),
            Confusion.Pooled(confusions, classes.Count),
            [.. classes.Where((_, c) => confusions[0].Counts[c].Sum() == 0)],
            runs.Length == 1 ? runs[0].Input.JobId : null);
    }

    private static T? Same<T>(IEnumerable<T?> values)
        where T : struct => values.Distinct().Take(2).ToArray() is [var one] ? one : null;

    private static Score Score(double[] values, double pooled, SpeakerBootstrap.Interval interval)
    {
        var spread = Spread.Of(values);
        return new Score(spread.Mean, spread.Sd, pooled, interval.Low, interval.High);
    }
}

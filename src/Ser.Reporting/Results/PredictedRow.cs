using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>The predictions of one row for one fold's test queries.</summary>
internal sealed record PredictedFold(FoldInput Input, RetrievalChoice? Chosen, double[][] Probabilities)
{
    public FoldEvaluation Evaluation => Input.Evaluation!;

    public int[] Predictions { get; } = Array.ConvertAll(Probabilities, p => Interpolation.MostProbableClass(p));

    public Confusion Confusion => Confusion.FromPredictions(Evaluation.Test.Truth, Predictions, Evaluation.Classes);

    public IEnumerable<bool> Correct => Predictions.Zip(Evaluation.Test.Truth, (prediction, truth) => prediction == truth);

    /// <summary>The confusion of each speaker, in the order in which speakers appear.</summary>
    public IEnumerable<Confusion> ConfusionBySpeaker() =>
        from query in Enumerable.Range(0, Predictions.Length)
        group query by Evaluation.Test.Speaker[query] into speaker
        let truth = speaker.Select(query => Evaluation.Test.Truth[query]).ToArray()
        let predictions = speaker.Select(query => Predictions[query]).ToArray()
        select Confusion.FromPredictions(truth, predictions, Evaluation.Classes);
}

/// <summary>One row of one seed with its finished folds.</summary>
internal sealed record PredictedRow(ArmInput Arm, string Inference, string Selection, string? Weighting, IReadOnlyList<PredictedFold> Folds)
{
    /// <summary>What distinguishes the row from the other rows of its arm.</summary>
    public RowKind Kind => new(Inference, Selection, Weighting);

    /// <summary>The numbers of the folds that all rows have, in ascending order.</summary>
    public static IReadOnlyList<int> CommonFolds(IEnumerable<PredictedRow> rows) =>
        [.. rows.Select(row => row.Folds.Select(fold => fold.Input.Fold)).Aggregate((a, b) => a.Intersect(b)).Order()];

    public PredictedFold[] FoldsIn(IReadOnlyList<int> folds) => [.. Folds.Where(fold => folds.Contains(fold.Input.Fold))];

    public Confusion Pooled(IReadOnlyList<int> folds, int classes) =>
        Confusion.Pooled(FoldsIn(folds).Select(fold => fold.Confusion), classes);

    public IReadOnlyList<Confusion> ConfusionBySpeaker(IReadOnlyList<int> folds) =>
        [.. FoldsIn(folds).SelectMany(fold => fold.ConfusionBySpeaker())];
}

/// <summary>The kind of a row: names of <see cref="RowKinds"/>, and the weighting of the votes (null for the model alone).</summary>
internal sealed record RowKind(string Inference, string Selection, string? Weighting);

/// <summary>The same row of every seed of an arm, and its summary over folds and seeds.</summary>
internal sealed record SummarizedRow(IReadOnlyList<PredictedRow> Runs, ResultRow Row)
{
    /// <summary>The arm without its seed.</summary>
    public Arm Arm => Runs[0].Arm.Arm with { Seed = 0 };
}

using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>One fold of one row with its probabilities, before anything is summed up.</summary>
internal sealed record AnsweredFold(FoldInput Input, Chosen? Chosen, double[][] Probabilities)
{
    public FoldEvaluation Evaluation => Input.Evaluation!;

    public int[] Winners { get; } = Array.ConvertAll(Probabilities, p => Interpolation.Winner(p));

    public Confusion Confusion => Confusion.Of(Evaluation.Test.Truth, Winners, Evaluation.Classes);

    public IEnumerable<bool> Right => Winners.Zip(Evaluation.Test.Truth, (answer, truth) => answer == truth);

    /// <summary>Confusions of each speaker, in the order in which speakers appear.</summary>
    public IEnumerable<Confusion> Speakers() =>
        from query in Enumerable.Range(0, Winners.Length)
        group query by Evaluation.Test.Speaker[query] into speaker
        select Confusion.Of([.. speaker.Select(query => Evaluation.Test.Truth[query])], [.. speaker.Select(query => Winners[query])], Evaluation.Classes);
}

/// <summary>A row of one seed with its folds.</summary>
internal sealed record AnsweredRow(ArmInput Arm, string Inference, string Selection, string? Weighting, IReadOnlyList<AnsweredFold> Folds)
{
    public (string, string, string?) Kind => (Inference, Selection, Weighting);

    /// <summary>Folds that all of several rows have, in order.</summary>
    public static IReadOnlyList<int> Common(IEnumerable<AnsweredRow> rows) =>
        [.. rows.Select(row => row.Folds.Select(fold => fold.Input.Fold)).Aggregate((a, b) => a.Intersect(b)).Order()];

    public AnsweredFold[] On(IReadOnlyList<int> folds) => [.. Folds.Where(fold => folds.Contains(fold.Input.Fold))];

    public Confusion Pooled(IReadOnlyList<int> folds, int classes) => Confusion.Pooled(On(folds).Select(fold => fold.Confusion), classes);

    public IReadOnlyList<Confusion> Speakers(IReadOnlyList<int> folds) => [.. On(folds).SelectMany(fold => fold.Speakers())];
}

/// <summary>A row of every seed that its arm has, with what it is summed up to.</summary>
internal sealed record SummedRow(IReadOnlyList<AnsweredRow> Runs, ResultRow Row)
{
    /// <summary>The arm without its seed.</summary>
    public Arm Arm => Runs[0].Arm.Arm with { Seed = 0 };
}

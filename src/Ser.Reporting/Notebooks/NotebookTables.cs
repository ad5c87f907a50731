using Ser.Domain.Corpora;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Notebooks;

/// <summary>Predictions and neighbours as tables, a part for each finished fold of each arm: what every number of a sweep can be computed from.</summary>
public static class NotebookTables
{
    /// <summary>
    /// A row for each validation and test query: names, true class, the model's answer and probabilities, and those of the neighbours (p_knn of eq. 3) and of both (eq. 4) with k, α and weighting as pooled
    /// validation chooses them for the arm.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Column>> Predictions(ResultsInput input, Corpus corpus) =>
        from arm in Finished(input)
        let chosen = PooledValidation.Choose(arm, input.Classes.Count, input.Retrieval)
        from fold in arm.Folds
        from side in Sides(fold.Evaluation!)
        select Predicted(arm, fold, side.Name, side.Asked, chosen, input.Classes, corpus);

    /// <summary>A row for each neighbour of each query, the nearest first.</summary>
    public static IEnumerable<IReadOnlyList<Column>> Neighbours(ResultsInput input, Corpus corpus) =>
        from arm in Finished(input)
        from fold in arm.Folds
        from side in Sides(fold.Evaluation!)
        select Near(arm, fold, side.Name, side.Asked.Queries, input.Classes, corpus);

    private static IEnumerable<ArmInput> Finished(ResultsInput input) => input.Arms
        .Select(arm => arm with { Folds = [.. arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold)] }).Where(arm => arm.Folds.Count > 0);

    private static IEnumerable<(string Name, Asked Asked)> Sides(FoldEvaluation fold) => [("validation", Asked.Validation(fold)), ("test", Asked.Test(fold))];

    private static IReadOnlyList<Column> Predicted(ArmInput arm, FoldInput fold, string side, Asked asked, Chosen chosen, IReadOnlyList<string> classes, Corpus corpus)
    {
        var queries = asked.Queries;
        double[][] model = queries.Probabilities, votes = (chosen with { Alpha = 1 }).Probabilities(asked), both = chosen.Probabilities(asked);
        string[] Answers(double[][] probabilities) => [.. probabilities.Select(p => classes[Interpolation.Winner(p)])];
        IEnumerable<Column> Each(string name, double[][] probabilities) => classes.Select((label, c) => new Column($"{name}_{label}", Array.ConvertAll(probabilities, p => p[c])));
        return
        [
            .. Place(arm, fold, side, queries.Count),
            new("utterance", queries.Utterance.Select(i => corpus.Utterances[i].Name).ToArray()),
            new("speaker", queries.Speaker.ToArray()),
            new("truth", queries.Truth.Select(c => classes[c]).ToArray()),
            new("model", Answers(model)),
            new("knn", Answers(votes)),
            new("model_knn", Answers(both)),
            Column.Same("k", chosen.K, queries.Count),
            Column.Same("alpha", chosen.Alpha, queries.Count),
            Column.Same("weighting", chosen.Weighting, queries.Count),
            .. Each("p_model", model),
            .. Each("p_knn", votes),
            .. Each("p_model_knn", both),
        ];
    }

    private static IReadOnlyList<Column> Near(ArmInput arm, FoldInput fold, string side, QuerySet queries, IReadOnlyList<string> classes, Corpus corpus)
    {
        var rows = (from query in Enumerable.Range(0, queries.Count)
                    from rank in Enumerable.Range(0, queries.NeighbourUtterance[query].Length)
                    select (Query: query, Rank: rank, Neighbour: corpus.Utterances[queries.NeighbourUtterance[query][rank]])).ToArray();
        return
        [
            .. Place(arm, fold, side, rows.Length),
            new("utterance", Array.ConvertAll(rows, row => corpus.Utterances[queries.Utterance[row.Query]].Name)),
            new("rank", Array.ConvertAll(rows, row => row.Rank + 1)),
            new("neighbour", Array.ConvertAll(rows, row => row.Neighbour.Name)),
            new("neighbour_speaker", Array.ConvertAll(rows, row => row.Neighbour.Speaker)),
            new("neighbour_class", Array.ConvertAll(rows, row => classes[queries.NeighbourClass[row.Query][row.Rank]])),
            new("distance", Array.ConvertAll(rows, row => queries.NeighbourDistance[row.Query][row.Rank])),
        ];
    }

    private static IEnumerable<Column> Place(ArmInput arm, FoldInput fold, string side, int rows) =>
    [
        Column.Same("arm", arm.Arm.Name, rows),
        Column.Same("lambda", arm.Arm.Lambda, rows),
        Column.Same("augmentation", arm.Arm.Augmentation, rows),
        Column.Same("seed", arm.Arm.Seed, rows),
        Column.Same("profile", arm.Profile, rows),
        Column.Same("encoder", arm.Encoder, rows),
        Column.Same("fold", fold.Fold, rows),
        Column.Same("side", side, rows),
    ];
}

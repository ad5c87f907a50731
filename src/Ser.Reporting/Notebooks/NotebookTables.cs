using Ser.Domain.Corpora;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Notebooks;

/// <summary>
/// Predictions and neighbours as tables, a part for each finished fold of each arm. Every number of a sweep can be computed from them.
/// </summary>
public static class NotebookTables
{
    /// <summary>
    /// A row for each validation and test query: names, true class, the prediction and probabilities of the model, of the neighbours (p_knn
    /// of eq. 3) and of both (eq. 4), with the k, α and weighting that pooled validation chooses for the arm.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Column>> Predictions(ResultsInput input, Corpus corpus) =>
        from arm in WithFinishedFolds(input)
        let chosen = PooledValidation.Choose(arm, input.Classes.Count, input.Retrieval)
        from fold in arm.Folds
        from side in Sides(fold.Evaluation!)
        select PredictionColumns(new Part(arm, fold, side.Name), side.Queries, chosen, input.Classes, corpus);

    /// <summary>A row for each neighbour of each query, the nearest first.</summary>
    public static IEnumerable<IReadOnlyList<Column>> Neighbours(ResultsInput input, Corpus corpus) =>
        from arm in WithFinishedFolds(input)
        from fold in arm.Folds
        from side in Sides(fold.Evaluation!)
        select NeighbourColumns(new Part(arm, fold, side.Name), side.Queries.Queries, input.Classes, corpus);

    private static IEnumerable<ArmInput> WithFinishedFolds(ResultsInput input)
    {
        foreach (var arm in input.Arms)
        {
            FoldInput[] finished = [.. arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold)];
            if (finished.Length > 0)
            {
                yield return arm with { Folds = finished };
            }
        }
    }

    private static IEnumerable<Side> Sides(FoldEvaluation fold) =>
        [new("validation", FoldQueries.FromValidation(fold)), new("test", FoldQueries.FromTest(fold))];

    private static IReadOnlyList<Column> PredictionColumns(
        Part part, FoldQueries foldQueries, RetrievalChoice chosen, IReadOnlyList<string> classes, Corpus corpus)
    {
        var queries = foldQueries.Queries;
        double[][] model = queries.Probabilities;
        double[][] votes = (chosen with { Alpha = 1 }).Probabilities(foldQueries);
        double[][] both = chosen.Probabilities(foldQueries);
        string[] Predicted(double[][] probabilities) => [.. probabilities.Select(p => classes[Interpolation.MostProbableClass(p)])];
        Column OfClass(string name, double[][] probabilities, int c) =>
            new($"{name}_{classes[c]}", Array.ConvertAll(probabilities, p => p[c]));
        IEnumerable<Column> ByClass(string name, double[][] probabilities) => classes.Select((_, c) => OfClass(name, probabilities, c));
        return
        [
            .. PartColumns(part, queries.Count),
            new("utterance", queries.Utterance.Select(i => corpus.Utterances[i].Name).ToArray()),
            new("speaker", queries.Speaker.ToArray()),
            new("truth", queries.Truth.Select(c => classes[c]).ToArray()),
            new("model", Predicted(model)),
            new("knn", Predicted(votes)),
            new("model_knn", Predicted(both)),
            Column.Constant("k", chosen.K, queries.Count),
            Column.Constant("alpha", chosen.Alpha, queries.Count),
            Column.Constant("weighting", chosen.Weighting, queries.Count),
            .. ByClass("p_model", model),
            .. ByClass("p_knn", votes),
            .. ByClass("p_model_knn", both),
        ];
    }

    private static IReadOnlyList<Column> NeighbourColumns(Part part, QuerySet queries, IReadOnlyList<string> classes, Corpus corpus)
    {
        var rows = (from query in Enumerable.Range(0, queries.Count)
                    from rank in Enumerable.Range(0, queries.NeighbourUtterance[query].Length)
                    let neighbour = corpus.Utterances[queries.NeighbourUtterance[query][rank]]
                    select (Query: query, Rank: rank, Neighbour: neighbour)).ToArray();
        return
        [
            .. PartColumns(part, rows.Length),
            new("utterance", Array.ConvertAll(rows, row => corpus.Utterances[queries.Utterance[row.Query]].Name)),
            new("rank", Array.ConvertAll(rows, row => row.Rank + 1)),
            new("neighbour", Array.ConvertAll(rows, row => row.Neighbour.Name)),
            new("neighbour_speaker", Array.ConvertAll(rows, row => row.Neighbour.Speaker)),
            new("neighbour_class", Array.ConvertAll(rows, row => classes[queries.NeighbourClass[row.Query][row.Rank]])),
            new("distance", Array.ConvertAll(rows, row => queries.NeighbourDistance[row.Query][row.Rank])),
        ];
    }

    private static IEnumerable<Column> PartColumns(Part part, int rows) =>
    [
        Column.Constant("arm", part.Arm.Arm.Name, rows),
        Column.Constant("lambda", part.Arm.Arm.Lambda, rows),
        Column.Constant("augmentation", part.Arm.Arm.Augmentation, rows),
        Column.Constant("seed", part.Arm.Arm.Seed, rows),
        Column.Constant("profile", part.Arm.Profile, rows),
        Column.Constant("encoder", part.Arm.Encoder, rows),
        Column.Constant("fold", part.Fold.Fold, rows),
        Column.Constant("side", part.Side, rows),
    ];

    private sealed record Side(string Name, FoldQueries Queries);

    /// <summary>What all rows of a part have in common.</summary>
    private sealed record Part(ArmInput Arm, FoldInput Fold, string Side);
}

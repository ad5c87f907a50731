using Ser.Domain.Experiments;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>
/// Computes every row of one arm: each inference under each of the three selections. Only the test oracle chooses on test queries.
/// </summary>
internal static class RowPredictions
{
    public static IEnumerable<PredictedRow> Predict(ArmInput arm, int classes, RetrievalSettings settings)
    {
        FoldInput[] done = [.. arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold)];
        if (done.Length == 0)
        {
            yield break;
        }

        PredictedFold[] model = [.. done.Select(fold => new PredictedFold(fold, null, fold.Evaluation!.Test.Probabilities))];
        yield return new PredictedRow(arm, RowKinds.Model, RowKinds.None, null, model);
        FoldQueries[] validation = [.. done.Select(fold => FoldQueries.FromValidation(fold.Evaluation!))];
        FoldQueries[] test = [.. done.Select(fold => FoldQueries.FromTest(fold.Evaluation!))];
        foreach (string weighting in settings.Weighting)
        {
            foreach (string inference in (string[])[RowKinds.ModelWithNeighbours, RowKinds.Neighbours])
            {
                RetrievalChoice Choose(IReadOnlyList<FoldQueries> queries) => inference == RowKinds.ModelWithNeighbours
                    ? Selector.Choose(queries, classes, weighting, settings)
                    : Selector.ChooseNeighboursOnly(queries, classes, weighting, settings);
                var pooled = Choose(validation);
                yield return Row(RowKinds.PooledValidation, _ => pooled);
                yield return Row(RowKinds.FoldValidation, fold => Choose([validation[fold]]));
                var oracle = Choose(test);
                yield return Row(RowKinds.TestOracle, _ => oracle);

                PredictedRow Row(string selection, Func<int, RetrievalChoice> chosenForFold)
                {
                    PredictedFold PredictFold(FoldInput fold, int i)
                    {
                        var chosen = chosenForFold(i);
                        return new PredictedFold(fold, chosen, chosen.Probabilities(test[i]));
                    }

                    return new PredictedRow(arm, inference, selection, weighting, [.. done.Select(PredictFold)]);
                }
            }
        }
    }
}

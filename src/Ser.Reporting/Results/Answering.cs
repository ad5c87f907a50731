using Ser.Domain.Experiments;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>
/// Computes every row of one arm: each inference under each of the three selections. Only the test oracle chooses on test queries.
/// </summary>
internal static class Answering
{
    public static IEnumerable<AnsweredRow> Rows(ArmInput arm, int classes, RetrievalSettings settings)
    {
        FoldInput[] done = [.. arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold)];
        if (done.Length == 0)
        {
            yield break;
        }

        AnsweredFold[] model = [.. done.Select(fold => new AnsweredFold(fold, null, fold.Evaluation!.Test.Probabilities))];
        yield return new AnsweredRow(arm, RowKinds.Model, RowKinds.None, null, model);
        Asked[] validation = [.. done.Select(fold => Asked.Validation(fold.Evaluation!))];
        Asked[] test = [.. done.Select(fold => Asked.Test(fold.Evaluation!))];
        foreach (string weighting in settings.Weighting)
        {
            foreach (string inference in (string[])[RowKinds.Both, RowKinds.Neighbours])
            {
                Chosen Choose(IReadOnlyList<Asked> queries) => inference == RowKinds.Both
                    ? Selector.Choose(queries, classes, weighting, settings)
                    : Selector.NeighboursAlone(queries, classes, weighting, settings);
                var pooled = Choose(validation);
                yield return Row(RowKinds.PooledValidation, _ => pooled);
                yield return Row(RowKinds.FoldValidation, fold => Choose([validation[fold]]));
                var oracle = Choose(test);
                yield return Row(RowKinds.TestOracle, _ => oracle);

                AnsweredRow Row(string selection, Func<int, Chosen> chosenForFold)
                {
                    AnsweredFold PredictFold(FoldInput fold, int i)
                    {
                        var chosen = chosenForFold(i);
                        return new AnsweredFold(fold, chosen, chosen.Probabilities(test[i]));
                    }

                    return new AnsweredRow(arm, inference, selection, weighting, [.. done.Select(PredictFold)]);
                }
            }
        }
    }
}

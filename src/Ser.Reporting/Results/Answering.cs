using Ser.Domain.Experiments;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>Makes every row of one arm: each inference under each of the three selections, which never see each other's queries.</summary>
internal static class Answering
{
    public static IEnumerable<AnsweredRow> Rows(ArmInput arm, int classes, RetrievalSettings settings)
    {
        FoldInput[] done = [.. arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold)];
        if (done.Length == 0)
        {
            yield break;
        }

        yield return new AnsweredRow(arm, RowKinds.Model, RowKinds.None, null, [.. done.Select(fold => new AnsweredFold(fold, null, fold.Evaluation!.Test.Probabilities))]);
        Asked[] validation = [.. done.Select(fold => Asked.Validation(fold.Evaluation!))];
        Asked[] test = [.. done.Select(fold => Asked.Test(fold.Evaluation!))];
        foreach (string weighting in settings.Weighting)
        {
            foreach (string inference in (string[])[RowKinds.Both, RowKinds.Neighbours])
            {
                Chosen Choose(IReadOnlyList<Asked> asked) => inference == RowKinds.Both
                    ? Selector.Choose(asked, classes, weighting, settings)
                    : Selector.NeighboursAlone(asked, classes, weighting, settings);
                var pooled = Choose(validation);
                yield return Row(RowKinds.PooledValidation, _ => pooled);
                yield return Row(RowKinds.FoldValidation, fold => Choose([validation[fold]]));
                var oracle = Choose(test);
                yield return Row(RowKinds.TestOracle, _ => oracle);

                AnsweredRow Row(string selection, Func<int, Chosen> chosen) => new(arm, inference, selection, weighting, [.. done.Select((fold, i) =>
                {
                    var choice = chosen(i);
                    return new AnsweredFold(fold, choice, choice.Probabilities(test[i]));
                })]);
            }
        }
    }
}

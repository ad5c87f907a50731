using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Stages.Evaluate;

namespace Ser.Dashboard.Reading;

/// <summary>An arm over all k and α, from its stored neighbours.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="K">Every k that is tried.</param>
/// <param name="Folds">Numbers of the folds that are there, in order.</param>
/// <param name="Test">Answers to the test queries.</param>
/// <param name="Validation">Answers to the validation queries.</param>
/// <param name="Pooled">Chosen on the validation queries of all folds together.</param>
/// <param name="ByFold">Chosen on each fold's validation queries.</param>
/// <param name="Oracle">Chosen on the test itself: an upper bound, no result.</param>
/// <param name="OnValidation">[α step][k], UA of the pooled validation queries.</param>
/// <param name="OnTest">[α step][k], UA of the pooled test queries.</param>
internal sealed record ArmAnswers(
    Arm Arm, IReadOnlyList<int> K, IReadOnlyList<int> Folds, Redraw Test, Redraw Validation, Chosen Pooled, IReadOnlyList<Chosen> ByFold, Chosen Oracle, double[][] OnValidation, double[][] OnTest)
{
    /// <summary>Steps of α on a surface, from 0 to 1.</summary>
    public const int Steps = 20;

    /// <summary>Null where no fold of the arm is done.</summary>
    public static ArmAnswers? Of(ArmInput arm, int classes, RetrievalSettings settings, string weighting)
    {
        var done = arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold).ToList();
        if (done.Count == 0)
        {
            return null;
        }

        settings = settings with { Weighting = [weighting] };
        Asked[] test = [.. done.Select(fold => Asked.Test(fold.Evaluation!))], validation = [.. done.Select(fold => Asked.Validation(fold.Evaluation!))];
        var pooled = PooledValidation.Choose(arm, classes, settings);
        Redraw onTest = new(test, classes), onValidation = new(validation, classes);
        int[] k = [.. settings.K.Where(k => k <= Math.Min(onTest.MostK, onValidation.MostK))];
        return new ArmAnswers(
            arm.Arm, k, [.. done.Select(fold => fold.Fold)], onTest, onValidation, pooled,
            [.. validation.Select(fold => Selector.Choose([fold], classes, weighting, settings))],
            Selector.Choose(test, classes, weighting, settings),
            Surface(onValidation, k, pooled), Surface(onTest, k, pooled));
    }

    private static double[][] Surface(Redraw redraw, int[] k, Chosen chosen)
    {
        double[][] surface = [.. Enumerable.Range(0, Steps + 1).Select(_ => new double[k.Length])];
        Parallel.For(0, k.Length, column =>
        {
            for (int step = 0; step <= Steps; step++)
            {
                surface[step][column] = redraw.At(k[column], (double)step / Steps, chosen.Weighting, chosen.TemperatureFactor).Pooled.Ua;
            }
        });
        return surface;
    }
}

/// <summary>Arms over all k and α, computed once for each set of accepted results.</summary>
internal sealed class ArmsCache(IArtifactStore artifacts)
{
    private const int Most = 8;
    private readonly Kept<ArmAnswers?> kept = new(Most);

    /// <summary>An arm of a sweep as it was read; null where no fold of it is done.</summary>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or gone.</exception>
    public Task<ArmAnswers?> OfAsync(StoredSweep sweep, Arm arm, string weighting)
    {
        string[] done = [.. sweep.Snapshot.Jobs.Where(job => job.Arm == arm.Name && job.Result is not null && job.Stage == Ser.Stages.Evaluate.EvaluateStage.StageName).Select(job => $"{job.Id}:{job.Result!.Attempt}")];
        return kept.OfAsync(
            string.Join('\n', [sweep.Snapshot.Name, weighting, .. done]),
            () => ArmAnswers.Of(StoredResults.OfArm(artifacts, sweep, arm), sweep.Corpus.Classes.Count, sweep.Experiment.Retrieval, weighting));
    }
}

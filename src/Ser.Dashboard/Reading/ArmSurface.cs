using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Stages.Evaluate;

namespace Ser.Dashboard.Reading;

/// <summary>UA of an arm over all k and α, computed from the stored neighbours, with the choices that each selection rule makes.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="K">Every k of the grid.</param>
/// <param name="Folds">Numbers of the finished folds, in order.</param>
/// <param name="Test">Predictions for the test queries, for any k and α.</param>
/// <param name="Validation">Predictions for the validation queries, for any k and α.</param>
/// <param name="Pooled">Choice on the validation queries of all folds together.</param>
/// <param name="ByFold">Choice on the validation queries of each fold.</param>
/// <param name="Oracle">Choice on the test queries themselves: an upper bound that must not be reported as a result.</param>
/// <param name="OnValidation">UA of the pooled validation queries; indices are [α step][position of k].</param>
/// <param name="OnTest">UA of the pooled test queries; indices are [α step][position of k].</param>
internal sealed record ArmSurface(
    Arm Arm,
    IReadOnlyList<int> K,
    IReadOnlyList<int> Folds,
    ArmEvaluator Test,
    ArmEvaluator Validation,
    RetrievalChoice Pooled,
    IReadOnlyList<RetrievalChoice> ByFold,
    RetrievalChoice Oracle,
    double[][] OnValidation,
    double[][] OnTest)
{
    /// <summary>Number of steps of α from 0 to 1 on a surface.</summary>
    public const int Steps = 20;

    /// <summary>Computes the surfaces and choices of an arm; null if no fold of the arm is done.</summary>
    public static ArmSurface? Compute(ArmInput arm, int classes, RetrievalSettings settings, string weighting)
    {
        var done = arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold).ToList();
        if (done.Count == 0)
        {
            return null;
        }

        settings = settings with { Weighting = [weighting] };
        FoldQueries[] test = [.. done.Select(fold => FoldQueries.FromTest(fold.Evaluation!))];
        FoldQueries[] validation = [.. done.Select(fold => FoldQueries.FromValidation(fold.Evaluation!))];
        var pooled = PooledValidation.Choose(arm, classes, settings);
        ArmEvaluator onTest = new(test, classes), onValidation = new(validation, classes);
        int maxK = Math.Min(onTest.MaxK, onValidation.MaxK);
        int[] k = [.. settings.K.Where(k => k <= maxK)];
        return new ArmSurface(
            arm.Arm,
            k,
            [.. done.Select(fold => fold.Fold)],
            onTest,
            onValidation,
            pooled,
            [.. validation.Select(fold => Selector.Choose([fold], classes, weighting, settings))],
            Selector.Choose(test, classes, weighting, settings),
            Surface(onValidation, k, pooled),
            Surface(onTest, k, pooled));
    }

    private static double[][] Surface(ArmEvaluator evaluator, int[] k, RetrievalChoice chosen)
    {
        double[][] surface = [.. Enumerable.Range(0, Steps + 1).Select(_ => new double[k.Length])];
        Parallel.For(0, k.Length, column =>
        {
            for (int step = 0; step <= Steps; step++)
            {
                var redrawn = evaluator.Evaluate(k[column], (double)step / Steps, chosen.Weighting, chosen.TemperatureFactor);
                surface[step][column] = redrawn.Pooled.Ua;
            }
        });
        return surface;
    }
}

/// <summary>Surfaces of arms over k and α, computed once for each set of accepted results.</summary>
internal sealed class ArmSurfaceCache(IArtifactStore artifacts)
{
    private const int Capacity = 8;
    private readonly LruCache<ArmSurface?> _cache = new(Capacity);

    /// <summary>The surfaces of an arm of a sweep; null if no fold of the arm is done.</summary>
    /// <exception cref="Ser.Domain.StorageException">A result is damaged or has been deleted.</exception>
    public Task<ArmSurface?> GetAsync(StoredSweep sweep, Arm arm, string weighting)
    {
        var evaluations = sweep.Snapshot.Jobs.Where(job =>
            job.Arm == arm.Name && job.Result is not null && job.Stage == Ser.Stages.Evaluate.EvaluateStage.StageName);
        var results = evaluations.Select(job => $"{job.Id}:{job.Result!.Attempt}");
        string key = string.Join('\n', [sweep.Snapshot.Name, weighting, .. results]);
        return _cache.GetOrAddAsync(key, () =>
        {
            var input = StoredResults.ReadArm(artifacts, sweep, arm);
            return ArmSurface.Compute(input, sweep.Corpus.Classes.Count, sweep.Experiment.Retrieval, weighting);
        });
    }
}

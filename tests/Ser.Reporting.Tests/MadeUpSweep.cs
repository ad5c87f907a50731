using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Reporting.Results;
using Ser.TestSupport;

namespace Ser.Reporting.Tests;

/// <summary>Creates a sweep over four speakers with pseudo-random evaluations: 30 queries for each fold and side.</summary>
internal static class MadeUpSweep
{
    public static Arm Baseline { get; } = new(0, "none", 3) { Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc } };

    public static ResultsInput Create(params ArmInput[] arms) => new(
        "try", new CorpusSummary("synthetic", "abc", 120, 4), ["angry", "happy", "sad", "neutral"], arms,
        new RetrievalSettings { K = [.. Enumerable.Range(1, 8)] }, new JobCounts(4, 0, 4, 0));

    public static ArmInput Arm(double lambda, long seed, string augmentation = "mixed") => Arm(new Arm(lambda, augmentation, seed));

    public static ArmInput Arm(Arm arm)
    {
        int ofAugmentation = arm.Augmentation == "mixed" ? 0 : arm.Augmentation.Length;
        ulong start = (ulong)((arm.Lambda * 10) + (arm.Seed * 1000) + (ofAugmentation * 50_000));
        FoldInput Fold(int number)
        {
            var draw = new Draw(start + (ulong)(number * 100));
            string test = $"s{number}";
            string validation = $"s{(number % 4) + 1}";
            var evaluation = new FoldEvaluation(
                number, [test], [validation], 4, 1, draw.Queries(30, 4, 8, validation), draw.Queries(30, 4, 8, test));
            return new FoldInput(number, $"job{number}", evaluation);
        }

        return new ArmInput(arm, arm.Encoder?.Name ?? "tiny", arm.Profile, [.. Enumerable.Range(1, 4).Select(Fold)]);
    }

    /// <summary>The same arm with evaluations that <paramref name="change"/> has changed.</summary>
    public static ArmInput WithEvaluations(this ArmInput arm, Func<FoldEvaluation, FoldEvaluation?> change) =>
        arm with { Folds = [.. arm.Folds.Select(fold => fold with { Evaluation = change(fold.Evaluation!) })] };

    /// <summary>The same arm with a model that predicts a share of the test queries correctly, evenly spread.</summary>
    public static ArmInput Right(this ArmInput arm, double share) =>
        arm.WithEvaluations(fold => fold with { Test = Predicted(fold.Test, share) });

    /// <summary>As <see cref="Right"/>, for validation queries.</summary>
    public static ArmInput RightOnValidation(this ArmInput arm, double share) =>
        arm.WithEvaluations(fold => fold with { Validation = Predicted(fold.Validation, share) });

    private static QuerySet Predicted(QuerySet queries, double share) => queries with
    {
        Probabilities = [.. queries.Truth.Select((truth, i) =>
        {
            int predicted = (int)((i + 1) * share) > (int)(i * share) ? truth : (truth + 1) % 4;
            return Enumerable.Range(0, 4).Select(c => c == predicted ? 0.7 : 0.1).ToArray();
        })],
    };
}

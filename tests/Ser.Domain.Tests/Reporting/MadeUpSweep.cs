using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Domain.Tests.Selection;
using Ser.Reporting.Results;

namespace Ser.Domain.Tests.Reporting;

/// <summary>A sweep over four speakers whose answers are drawn: 30 queries for each fold and side.</summary>
internal static class MadeUpSweep
{
    public static Arm Baseline { get; } = new(0, "none", 3) { Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc } };

    public static ResultsInput Of(params ArmInput[] arms) => new(
        "try", new CorpusSummary("synthetic", "abc", 120, 4), ["angry", "happy", "sad", "neutral"], arms,
        new RetrievalSettings { K = [.. Enumerable.Range(1, 8)] }, new JobCounts(4, 0, 4, 0));

    public static ArmInput Arm(double lambda, long seed, string augmentation = "mixed") => Arm(new Arm(lambda, augmentation, seed));

    public static ArmInput Arm(Arm arm)
    {
        ulong start = (ulong)((arm.Lambda * 10) + (arm.Seed * 1000) + ((arm.Augmentation == "mixed" ? 0 : arm.Augmentation.Length) * 50_000));
        return new ArmInput(arm, arm.Encoder?.Name ?? "tiny", arm.Profile, [.. Enumerable.Range(1, 4).Select(number =>
        {
            var draw = new Draw(start + (ulong)(number * 100));
            return new FoldInput(number, $"job{number}", new FoldEvaluation(
                number, [$"s{number}"], [$"s{(number % 4) + 1}"], 4, 1, draw.Queries(30, 4, 8, $"s{(number % 4) + 1}"), draw.Queries(30, 4, 8, $"s{number}")));
        })]);
    }

    /// <summary>The same arm whose model is right on a share of the test queries, evenly spread.</summary>
    public static ArmInput Right(this ArmInput arm, double share) => arm with
    {
        Folds = [.. arm.Folds.Select(fold => fold with { Evaluation = fold.Evaluation! with { Test = Answered(fold.Evaluation.Test, share) } })],
    };

    /// <summary>As <see cref="Right"/>, of the validation queries.</summary>
    public static ArmInput RightOnValidation(this ArmInput arm, double share) => arm with
    {
        Folds = [.. arm.Folds.Select(fold => fold with { Evaluation = fold.Evaluation! with { Validation = Answered(fold.Evaluation.Validation, share) } })],
    };

    private static QuerySet Answered(QuerySet queries, double share) => queries with
    {
        Probabilities = [.. queries.Truth.Select((truth, i) =>
        {
            int answer = (int)((i + 1) * share) > (int)(i * share) ? truth : (truth + 1) % 4;
            return Enumerable.Range(0, 4).Select(c => c == answer ? 0.7 : 0.1).ToArray();
        })],
    };
}

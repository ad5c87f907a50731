using System.Globalization;
using Ser.Domain.Experiments;

namespace Ser.Reporting.Report;

/// <summary>The methods paragraph, from what was really run and from nothing else.</summary>
internal static class MethodsText
{
    public static IReadOnlyList<string> Of(ReportInput input)
    {
        var (results, run) = (input.Results, input.Run);
        var training = run.Experiment.Training;
        int folds = input.Sweep.Arms.Count == 0 ? 0 : input.Sweep.Arms.Max(arm => arm.Folds.Count);
        string[] arms = [.. input.Sweep.Arms.Select(arm => arm.Arm.Name)];
        return
        [
            Say($"Corpus: {results.Corpus.Kind}, {results.Corpus.Utterances} utterances of {results.Corpus.Speakers} speakers, classes {string.Join(", ", results.Classes)} (digest {results.Corpus.Digest}). {folds} folds by speaker; no speaker stands on two sides of a fold."),
            Say($"{arms.Length} arms: {Shortened(arms)}. Encoders: {string.Join(", ", input.Sweep.Arms.Select(arm => arm.Encoder).Distinct())}{Weights(run.Weights)}; profiles: {string.Join(", ", input.Sweep.Arms.Select(arm => arm.Profile).Distinct())}. At most {training.Epochs} epochs, batches of {training.Batch} utterances and their views, the first {training.MaxSeconds} s, τ = {training.Temperature}."),
            Say($"k in {Range(input.Sweep.Retrieval.K)}, α {(input.Sweep.Retrieval.Alpha is null ? "over the open interval (0, 1), exactly" : "from a list")}, votes {string.Join(", ", input.Sweep.Retrieval.Weighting)}. Numbers with neighbours use one k and α for all folds, chosen on the pooled validation utterances against training rows alone, unless a row says otherwise; rows `test-oracle` were chosen on the test and are upper bounds."),
            Say($"Products in {run.Experiment.Compute.Precision} on {run.Experiment.Compute.Device}, {run.Threads} threads a job; accepted attempts took {run.Hours:0.00} h together, on {run.Workers.Count} worker slots. {string.Join("; ", run.Environments.Select(Environment))}. Energy was not measured."),
            Say($"Intervals are 95 % from 10,000 resamples of speakers; McNemar's test is exact, over pooled utterances; Wilcoxon's signed-rank test is over folds. Digest of all results: {results.Digest}."),
        ];
    }

    private static string Weights(IReadOnlyList<string> digests) =>
        digests.Count == 0 ? " (no published checkpoint: drawn from the seed)" : $" (published checkpoints, SHA-256 {string.Join(", ", digests)})";

    private static string Environment(IReadOnlyDictionary<string, string> facts) => string.Join(", ", facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key} {fact.Value}"));

    private static string Range(IReadOnlyList<int> k) => k.Count > 1 && k[^1] - k[0] == k.Count - 1 ? $"{k[0]}..{k[^1]}" : string.Join(", ", k);

    private static string Shortened(IReadOnlyList<string> names) => names.Count <= 6 ? string.Join("; ", names) : $"{string.Join("; ", names.Take(5))} and {names.Count - 5} more";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

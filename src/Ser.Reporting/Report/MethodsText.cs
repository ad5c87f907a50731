using System.Globalization;
using Ser.Domain.Experiments;

namespace Ser.Reporting.Report;

/// <summary>The methods paragraphs of a report, written only from what was run.</summary>
internal static class MethodsText
{
    public static IReadOnlyList<string> Write(ReportInput input) =>
        [DescribeCorpus(input), DescribeTraining(input), DescribeRetrieval(input), DescribeRun(input.Run), DescribeStatistics(input)];

    private static string DescribeCorpus(ReportInput input)
    {
        var corpus = input.Results.Corpus;
        int folds = input.Sweep.Arms.Select(arm => arm.Folds.Count).DefaultIfEmpty().Max();
        string classes = string.Join(", ", input.Results.Classes);
        return Invariant($"Corpus: {corpus.Kind}, {corpus.Utterances} utterances of {corpus.Speakers} speakers, classes {classes} ")
            + Invariant($"(digest {corpus.Digest}). {folds} folds by speaker; train, validation and test speakers are disjoint.");
    }

    private static string DescribeTraining(ReportInput input)
    {
        var arms = input.Sweep.Arms;
        var training = input.Run.Experiment.Training;
        string[] names = [.. arms.Select(arm => arm.Arm.Name)];
        string encoders = string.Join(", ", arms.Select(arm => arm.Encoder).Distinct());
        string profiles = string.Join(", ", arms.Select(arm => arm.Profile).Distinct());
        string grid = $"{names.Length} arms: {Shorten(names)}. Encoders: {encoders}{Weights(input.Run.Weights)}; profiles: {profiles}.";
        string batches = Invariant($"At most {training.Epochs} epochs, batches of {training.Batch} utterances and their views");
        return Invariant($"{grid} {batches}, the first {training.MaxSeconds} s, τ = {training.Temperature}.");
    }

    private static string DescribeRetrieval(ReportInput input)
    {
        var retrieval = input.Sweep.Retrieval;
        string alpha = retrieval.Alpha is null ? "over the open interval (0, 1), exactly" : "from a list";
        return $"k in {Range(retrieval.K)}, α {alpha}, votes {string.Join(", ", retrieval.Weighting)}. "
            + "Numbers with neighbours use one k and α for all folds, chosen on the pooled validation utterances with training rows alone "
            + "as neighbours, unless a row says otherwise; rows `test-oracle` were chosen on the test data and are upper bounds.";
    }

    private static string DescribeRun(RunFacts run)
    {
        var compute = run.Experiment.Compute;
        string environments = string.Join("; ", run.Environments.Select(Environment));
        return Invariant($"Matrix products in {compute.Precision} on {compute.Device}, {run.Threads} threads per job; ")
            + Invariant($"accepted attempts took {run.Hours:0.00} h in total, on {run.Workers.Count} worker slots. ")
            + $"{environments}. Energy was not measured.";
    }

    private static string DescribeStatistics(ReportInput input) =>
        "Intervals are 95 % from 10,000 resamples of speakers; McNemar's test is exact, over pooled utterances; "
        + $"Wilcoxon's signed-rank test is over folds. Digest of all results: {input.Results.Digest}.";

    private static string Weights(IReadOnlyList<string> digests) => digests.Count == 0
        ? " (no published checkpoint: initialised from the seed)"
        : $" (published checkpoints, SHA-256 {string.Join(", ", digests)})";

    private static string Environment(IReadOnlyDictionary<string, string> facts)
    {
        var ordered = facts.OrderBy(fact => fact.Key, StringComparer.Ordinal);
        return string.Join(", ", ordered.Select(fact => $"{fact.Key} {fact.Value}"));
    }

    private static string Range(IReadOnlyList<int> k) =>
        k.Count > 1 && k[^1] - k[0] == k.Count - 1 ? $"{k[0]}..{k[^1]}" : string.Join(", ", k);

    private static string Shorten(string[] names) =>
        names.Length <= 6 ? string.Join("; ", names) : $"{string.Join("; ", names.Take(5))} and {names.Length - 5} more";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The paper's Table 3: S1, S1+kNN, S2 and S3 beside what the paper printed for IEMOCAP.</summary>
public static class PaperTable3
{
    /// <summary>λ of S2 and S3.</summary>
    public const double Lambda = 0.1;

    private static readonly (string Stage, double Lambda, string Inference, double Wa, double Ua)[] Printed =
    [
        ("S1", 0, RowKinds.Model, 0.7135, 0.7184),
        ("S1+kNN", 0, RowKinds.Both, 0.7185, 0.7261),
        ("S2", Lambda, RowKinds.Model, 0.7332, 0.7445),
        ("S3", Lambda, RowKinds.Both, 0.7413, 0.7514),
    ];

    /// <summary>WA that neighbours gain in the paper: S3 less S2.</summary>
    public static double GainOfNeighbours => Printed[3].Wa - Printed[2].Wa;

    /// <summary>
    /// Lays out the four rows, all of one encoder, profile and augmentation: those that have the most of them. The classical baseline stands in only where there is no encoder.
    /// kNN rows are chosen by pooled validation with the first weighting; several seeds give their mean.
    /// </summary>
    public static Table Of(SweepResults results)
    {
        var shown = results.Rows.GroupBy(row => (row.Encoder, row.Profile, row.Augmentation))
            .OrderBy(group => group.Key.Encoder == EncoderSettings.Mfcc)
            .ThenByDescending(group => group.Select(row => row.Lambda).Where(lambda => lambda is 0 or Lambda).Distinct().Count())
            .ThenByDescending(group => group.Key.Augmentation == "mixed").FirstOrDefault();
        bool baseline = shown?.Key.Encoder == EncoderSettings.Mfcc;
        var notes = new List<string>();
        if (results.Corpus.Kind != "iemocap")
        {
            notes.Add($"The paper's numbers are for IEMOCAP; this is another corpus ({results.Corpus.Kind}, {results.Corpus.Utterances} utterances, {results.Corpus.Speakers} speakers).");
        }

        if (baseline)
        {
            notes.Add("S1 and S1+kNN are MFCC statistics with a classical classifier, a floor for encoders; it has no contrastive loss, so there is no S2 and no S3.");
        }

        var rows = Printed.Select(stage => (Stage: stage, Row: Find(shown, stage.Lambda, stage.Inference))).ToList();
        notes.AddRange(rows.Where(row => row.Row is null && !baseline).Select(row =>
            FormattableString.Invariant($"{row.Stage.Stage}: the sweep has no finished fold with λ={row.Stage.Lambda} and {shown?.Key.Augmentation ?? "mixed"} augmentation.")));
        notes.AddRange(Notes.Of(results));
        notes.AddRange(Comparisons(results, name => rows.FirstOrDefault(row => row.Row?.Name == name).Stage.Stage));
        return new Table(
            $"Table 3 for {results.Sweep}: WA and UA in percent, mean ± sd over folds, and pooled",
            ["stage", "λ", "inference", "k", "α", "folds", "WA", "WA pooled", "UA", "UA pooled", "paper WA", "paper UA"],
            [.. rows.Select(pair => (IReadOnlyList<Cell>)
            [
                new(pair.Stage.Stage), Cell.Number(pair.Stage.Lambda), new(pair.Stage.Inference), Cell.Number(pair.Row?.K), Cell.Number(pair.Row?.Alpha),
                Cell.Number(pair.Row?.Folds.Count ?? 0), Cell.Mean(pair.Row?.Wa), Cell.Percent(pair.Row?.Wa.Pooled), Cell.Mean(pair.Row?.Ua), Cell.Percent(pair.Row?.Ua.Pooled),
                Cell.Percent(pair.Stage.Wa), Cell.Percent(pair.Stage.Ua),
            ])],
            notes);
    }

    private static IEnumerable<string> Comparisons(SweepResults results, Func<string, string?> stage)
    {
        string[] lines = [.. from c in results.Comparisons
                             let a = stage(c.A)
                             let b = stage(c.B)
                             where a is not null && b is not null
                             select $"  {a} → {b}: {Cell.Points(c.DeltaUa).Text} {Cell.Interval(c.Low, c.High).Text}, McNemar {Cell.P(c.Mcnemar).Text}, Wilcoxon {Cell.P(c.Wilcoxon).Text}{(c.InsideNoise ? ": inside the noise" : "")}"];
        return lines.Length == 0 ? [] : ["Comparisons, second less first, UA pooled in points with its 95 % interval over speakers, McNemar's p over utterances, Wilcoxon's p over folds:", .. lines];
    }

    private static ResultRow? Find(IEnumerable<ResultRow>? shown, double lambda, string inference) =>
        shown?
            .Where(row => row.Lambda == lambda && row.Inference == inference)
            .Where(row => row.Selection is RowKinds.None or RowKinds.PooledValidation)
            .OrderBy(row => row.Seed is null ? 0 : 1).FirstOrDefault();
}

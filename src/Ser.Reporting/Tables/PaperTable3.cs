using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The paper's Table 3: S1, S1+kNN, S2 and S3 beside what the paper printed for IEMOCAP.</summary>
public static class PaperTable3
{
    /// <summary>Lays out the four rows.</summary>
    public static Table Of(SweepResults results)
    {
        var shown = PaperStages.Of(results);
        var notes = PaperStages.CorpusNote(results).ToList();
        if (shown.IsBaseline)
        {
            notes.Add("S1 and S1+kNN are MFCC statistics with a classical classifier, a floor for encoders; it has no contrastive loss, so there is no S2 and no S3.");
        }

        notes.AddRange(shown.Stages.Where(stage => stage.Row is null && !shown.IsBaseline).Select(stage =>
            FormattableString.Invariant($"{stage.Name}: the sweep has no finished fold with λ={stage.Lambda} and {shown.Augmentation ?? "mixed"} augmentation.")));
        notes.AddRange(Notes.Of(results));
        notes.AddRange(Comparisons(results, name => shown.Stages.FirstOrDefault(stage => stage.Row?.Name == name)?.Name));
        return new Table(
            $"Table 3 for {results.Sweep}: WA and UA in percent, mean ± sd over folds, and pooled",
            ["stage", "λ", "inference", "k", "α", "folds", "WA", "WA pooled", "UA", "UA pooled", "paper WA", "paper UA"],
            [.. shown.Stages.Select(stage => (IReadOnlyList<Cell>)
            [
                new(stage.Name), Cell.Number(stage.Lambda), new(stage.Inference), Cell.Number(stage.Row?.K), Cell.Number(stage.Row?.Alpha),
                Cell.Number(stage.Row?.Folds.Count ?? 0), Cell.Mean(stage.Row?.Wa), Cell.Percent(stage.Row?.Wa.Pooled), Cell.Mean(stage.Row?.Ua), Cell.Percent(stage.Row?.Ua.Pooled),
                Cell.Percent(stage.PaperWa), Cell.Percent(stage.PaperUa),
            ])],
            notes)
        {
            Sources = Table.SourcesOf(shown.Stages.Select(stage => stage.Row)),
        };
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
}

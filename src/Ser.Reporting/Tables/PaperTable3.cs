using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The paper's Table 3: S1, S1+kNN, S2 and S3 beside the paper's numbers for IEMOCAP.</summary>
public static class PaperTable3
{
    /// <summary>The table with its four rows.</summary>
    public static Table Create(SweepResults results)
    {
        var shown = PaperStages.FromResults(results);
        var notes = PaperStages.CorpusNote(results).ToList();
        if (shown.IsBaseline)
        {
            notes.Add(
                "S1 and S1+kNN are MFCC statistics with a classical classifier, a floor for encoders; "
                + "it has no contrastive loss, so there is no S2 and no S3.");
        }

        foreach (var stage in shown.Stages.Where(stage => stage.Row is null && !shown.IsBaseline))
        {
            string augmentation = shown.Augmentation ?? "mixed";
            notes.Add(FormattableString.Invariant(
                $"{stage.Name}: the sweep has no finished fold with λ={stage.Lambda} and {augmentation} augmentation."));
        }

        notes.AddRange(TableNotes.Create(results));
        notes.AddRange(Comparisons(results, name => shown.Stages.FirstOrDefault(stage => stage.Row?.Name == name)?.Name));
        return new Table(
            $"Table 3 for {results.Sweep}: WA and UA in percent, mean ± sd over folds, and pooled",
            ["stage", "λ", "inference", "k", "α", "folds", "WA", "WA pooled", "UA", "UA pooled", "paper WA", "paper UA"],
            [.. shown.Stages.Select(Cells)],
            notes)
        {
            Sources = Table.IndexSources(shown.Stages.Select(stage => stage.Row)),
        };
    }

    private static IReadOnlyList<Cell> Cells(PaperStage stage)
    {
        var row = stage.Row;
        return
        [
            new(stage.Name), Cell.Number(stage.Lambda), new(stage.Inference), Cell.Number(row?.K), Cell.Number(row?.Alpha),
            Cell.Number(row?.Folds.Count ?? 0),
            Cell.Mean(row?.Wa), Cell.Percent(row?.Wa.Pooled), Cell.Mean(row?.Ua), Cell.Percent(row?.Ua.Pooled),
            Cell.Percent(stage.PaperWa), Cell.Percent(stage.PaperUa),
        ];
    }

    private static IEnumerable<string> Comparisons(SweepResults results, Func<string, string?> stageOf)
    {
        string[] lines =
        [
            .. from comparison in results.Comparisons
               let a = stageOf(comparison.A)
               let b = stageOf(comparison.B)
               where a is not null && b is not null
               select $"  {a} → {b}: {Describe(comparison)}",
        ];
        const string heading = "Comparisons, second minus first, B − A: points of pooled UA with 95 % CI over speakers, "
            + "McNemar's p over utterances, Wilcoxon's p over folds:";
        return lines.Length == 0 ? [] : [heading, .. lines];
    }

    private static string Describe(Comparison comparison)
    {
        string difference = $"{Cell.Points(comparison.DeltaUa).Text} {Cell.Interval(comparison.Low, comparison.High).Text}";
        string tests = $"McNemar {Cell.PValue(comparison.Mcnemar).Text}, Wilcoxon {Cell.PValue(comparison.Wilcoxon).Text}";
        return $"{difference}, {tests}{(comparison.InsideNoise ? ": no significant difference" : "")}";
    }
}

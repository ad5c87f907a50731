using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>
/// The paper's Tables 1, 2 and 4 with the sweep's numbers beside the paper's; Table 3 is <see cref="PaperTable3"/>. Differences are the
/// sweep's pooled values minus the paper's, in points.
/// </summary>
public static class PaperTables
{
    private static readonly string[] Columns = ["WA", "WA pooled", "UA", "UA pooled", "UA interval", "paper WA", "paper UA", "ΔWA", "ΔUA"];

    private static readonly Reported[] Augmentations =
    [
        new("noise", 0.7202, 0.7323),
        new("volume", 0.7272, 0.7397),
        new("reverberation", 0.7264, 0.7381),
        new("pitch", 0.7275, 0.7388),
        new("mixed", 0.7332, 0.7445),
    ];

    private static readonly Reported[] Cited =
    [
        new("Zou et al. 2022, co-attention [25]", 0.7164, 0.7270),
        new("Lu et al. 2020, ASR features [26]", 0.7172, 0.7256),
        new("Hu et al. 2022, LSTM [27]", 0.6931, 0.7011),
        new("Hu et al. 2022, GIN [28]", 0.7248, 0.6772),
        new("Pepino et al. 2021, wav2vec 2.0 PT [29]", null, 0.6630),
        new("Chen and Rudnicky 2021, wav2vec 2.0 P-TAPT [30]", null, 0.7430),
        new("Wang et al. 2023, S3", 0.7413, 0.7514),
    ];

    /// <summary>Table 1: the three stages.</summary>
    public static Table CreateTable1(SweepResults results)
    {
        var stages = PaperStages.FromResults(results).Stages.Where(stage => stage.Name != "S1+kNN").ToList();
        return new Table(
            "Table 1: stages",
            ["stage", .. Columns],
            [.. stages.Select(stage => Row(stage.Name, stage.Row, stage.PaperWa, stage.PaperUa))],
            [.. PaperStages.CorpusNote(results)])
        {
            Sources = Table.IndexSources(stages.Select(stage => stage.Row)),
        };
    }

    /// <summary>
    /// Table 2: augmentations under S2 (λ = 0.1, the model alone), of the encoder and profile of Table 1. Other augmentations of the sweep
    /// follow.
    /// </summary>
    public static Table CreateTable2(SweepResults results)
    {
        var shown = PaperStages.FromResults(results).Stages.Select(stage => stage.Row).OfType<ResultRow>().FirstOrDefault();
        bool IsShown(ResultRow row) =>
            row.Lambda == PaperStages.PaperLambda && (row.Encoder, row.Profile) == (shown?.Encoder, shown?.Profile);
        var rows = results.Rows.Where(IsShown).ToList();
        string[] reported = [.. Augmentations.Select(augmentation => augmentation.Name)];
        string[] missing = [.. reported.Except(rows.Select(row => row.Augmentation))];
        string[] names = [.. reported.Union(rows.Select(row => row.Augmentation))];
        ResultRow? Find(string name) =>
            PaperStages.FindRow(rows.Where(row => row.Augmentation == name), PaperStages.PaperLambda, RowKinds.Model);
        var ours = Array.ConvertAll(names, Find);
        string[] missingNote = missing.Length == 0 ? [] : [$"No finished fold with λ = 0.1 and {string.Join(", ", missing)}."];
        return new Table(
            "Table 2: augmentations in fine-tuning (S2)",
            ["augmentation", .. Columns],
            [.. names.Zip(ours, (name, row) =>
            {
                var paper = Augmentations.FirstOrDefault(augmentation => augmentation.Name == name);
                return Row(name, row, paper?.Wa, paper?.Ua);
            })],
            [.. PaperStages.CorpusNote(results), .. missingNote])
        {
            Sources = Table.IndexSources(ours),
        };
    }

    /// <summary>Table 4: systems as the paper cites them, with its reference numbers, and this sweep.</summary>
    public static Table CreateTable4(SweepResults results)
    {
        var third = PaperStages.FromResults(results)["S3"].Row;
        return new Table(
            "Table 4: other systems on IEMOCAP as the paper cites them",
            ["system", "WA", "UA"],
            [
                .. Cited.Select(system => (IReadOnlyList<Cell>)[new(system.Name), Cell.Percent(system.Wa), Cell.Percent(system.Ua)]),
                [new($"this sweep, S3 ({results.Corpus.Kind})"), Cell.Percent(third?.Wa.Pooled), Cell.Percent(third?.Ua.Pooled)],
            ],
            [
                "Their splits and classes differ from each other; numbers in brackets are the paper's references.",
                .. PaperStages.CorpusNote(results),
            ])
        {
            Sources = Table.IndexSources([.. Cited.Select(_ => (ResultRow?)null), third]),
        };
    }

    private static IReadOnlyList<Cell> Row(string name, ResultRow? row, double? paperWa, double? paperUa) =>
    [
        new(name),
        Cell.Mean(row?.Wa), Cell.Percent(row?.Wa.Pooled), Cell.Mean(row?.Ua), Cell.Percent(row?.Ua.Pooled),
        row is null ? Cell.None : Cell.Interval(row.Ua.Low, row.Ua.High),
        Cell.Percent(paperWa), Cell.Percent(paperUa),
        Difference(row?.Wa.Pooled, paperWa), Difference(row?.Ua.Pooled, paperUa),
    ];

    private static Cell Difference(double? ours, double? paper) => ours - paper is { } difference ? Cell.Points(difference) : Cell.None;

    /// <summary>Scores as the paper reports them, as shares between 0 and 1; WA is null where it reports none.</summary>
    private sealed record Reported(string Name, double? Wa, double Ua);
}

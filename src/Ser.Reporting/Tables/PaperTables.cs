using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The paper's Tables 1, 2 and 4 with ours beside them; Table 3 is <see cref="PaperTable3"/>. Differences are ours, pooled over utterances, less the paper's, in points.</summary>
public static class PaperTables
{
    private static readonly string[] Columns = ["WA", "WA pooled", "UA", "UA pooled", "UA interval", "paper WA", "paper UA", "ΔWA", "ΔUA"];

    private static readonly (string Name, double Wa, double Ua)[] Augmentations =
    [
        ("noise", 0.7202, 0.7323), ("volume", 0.7272, 0.7397), ("reverberation", 0.7264, 0.7381), ("pitch", 0.7275, 0.7388), ("mixed", 0.7332, 0.7445),
    ];

    private static readonly (string System, double? Wa, double Ua)[] Cited =
    [
        ("Zou et al. 2022, co-attention [25]", 0.7164, 0.7270),
        ("Lu et al. 2020, ASR features [26]", 0.7172, 0.7256),
        ("Hu et al. 2022, LSTM [27]", 0.6931, 0.7011),
        ("Hu et al. 2022, GIN [28]", 0.7248, 0.6772),
        ("Pepino et al. 2021, wav2vec 2.0 PT [29]", null, 0.6630),
        ("Chen and Rudnicky 2021, wav2vec 2.0 P-TAPT [30]", null, 0.7430),
        ("Wang et al. 2023, S3", 0.7413, 0.7514),
    ];

    /// <summary>Table 1: the three stages.</summary>
    public static Table Table1(SweepResults results)
    {
        var stages = PaperStages.Of(results).Stages.Where(stage => stage.Name != "S1+kNN").ToList();
        return new Table(
            "Table 1: stages",
            ["stage", .. Columns],
            [.. stages.Select(stage => Row(stage.Name, stage.Row, stage.PaperWa, stage.PaperUa))],
            [.. PaperStages.CorpusNote(results)])
        {
            Sources = Table.SourcesOf(stages.Select(stage => stage.Row)),
        };
    }

    /// <summary>Table 2: augmentations under S2 (λ = 0.1, the model alone), of the encoder and profile of Table 1. Others that the sweep has follow.</summary>
    public static Table Table2(SweepResults results)
    {
        var shown = PaperStages.Of(results).Stages.Select(stage => stage.Row).OfType<ResultRow>().FirstOrDefault();
        var rows = results.Rows.Where(row => row.Lambda == PaperStages.Lambda && (row.Encoder, row.Profile) == (shown?.Encoder, shown?.Profile)).ToList();
        var names = Augmentations.Select(one => one.Name).Concat(rows.Select(row => row.Augmentation)).Distinct().ToList();
        string[] lacking = [.. Augmentations.Select(one => one.Name).Where(name => rows.All(row => row.Augmentation != name))];
        var ours = names.ConvertAll(name => PaperStages.Find(rows.Where(row => row.Augmentation == name), PaperStages.Lambda, RowKinds.Model));
        return new Table(
            "Table 2: augmentations in fine-tuning (S2)",
            ["augmentation", .. Columns],
            [.. names.Zip(ours, (name, row) =>
            {
                var paper = Augmentations.FirstOrDefault(one => one.Name == name);
                return Row(name, row, Printed(paper.Wa), Printed(paper.Ua));
            })],
            [.. PaperStages.CorpusNote(results), .. lacking.Length == 0 ? (string[])[] : [$"No finished fold with λ = 0.1 and {string.Join(", ", lacking)}."]])
        {
            Sources = Table.SourcesOf(ours),
        };
    }

    /// <summary>Table 4: systems as the paper cites them, with its reference numbers, and ours.</summary>
    public static Table Table4(SweepResults results) => new(
        "Table 4: other systems on IEMOCAP as the paper cites them",
        ["system", "WA", "UA"],
        [
            .. Cited.Select(one => (IReadOnlyList<Cell>)[new(one.System), Cell.Percent(one.Wa), Cell.Percent(one.Ua)]),
            [new($"this sweep, S3 ({results.Corpus.Kind})"), .. PaperStages.Of(results)["S3"].Row is { } ours ? (Cell[])[Cell.Percent(ours.Wa.Pooled), Cell.Percent(ours.Ua.Pooled)] : [Cell.None, Cell.None]],
        ],
        ["Their splits and classes differ from each other; numbers in brackets are the paper's references.", .. PaperStages.CorpusNote(results)])
    {
        Sources = Table.SourcesOf([.. Cited.Select(_ => (ResultRow?)null), PaperStages.Of(results)["S3"].Row]),
    };

    private static double? Printed(double share) => share == 0 ? null : share;

    private static IReadOnlyList<Cell> Row(string name, ResultRow? row, double? wa, double? ua) =>
    [
        new(name), Cell.Mean(row?.Wa), Cell.Percent(row?.Wa.Pooled), Cell.Mean(row?.Ua), Cell.Percent(row?.Ua.Pooled),
        row is null ? Cell.None : Cell.Interval(row.Ua.Low, row.Ua.High), Cell.Percent(wa), Cell.Percent(ua), Less(row?.Wa.Pooled, wa), Less(row?.Ua.Pooled, ua),
    ];

    private static Cell Less(double? ours, double? paper) => ours - paper is { } difference ? Cell.Points(difference) : Cell.None;
}

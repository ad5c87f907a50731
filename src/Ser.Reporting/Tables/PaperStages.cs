using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>A stage of the paper: the scores that it reports for IEMOCAP, as shares between 0 and 1, and the sweep's row for it.</summary>
/// <param name="Name">S1, S1+kNN, S2 or S3.</param>
/// <param name="Lambda">λ of eq. 2.</param>
/// <param name="Inference">A name of <see cref="RowKinds"/>.</param>
/// <param name="PaperWa">WA as the paper reports it.</param>
/// <param name="PaperUa">UA as the paper reports it.</param>
/// <param name="Row">The sweep's row; null where it has none.</param>
public sealed record PaperStage(string Name, double Lambda, string Inference, double PaperWa, double PaperUa, ResultRow? Row);

/// <summary>
/// The rows of a sweep that correspond to the paper's stages, all of one encoder, profile and augmentation: those that cover most stages.
/// The classical baseline is used only where there is no encoder. Rows with neighbours are those chosen by pooled validation with the
/// first weighting; of several seeds the mean is used.
/// </summary>
/// <param name="Augmentation">Augmentation of the second view; null for an empty sweep.</param>
/// <param name="IsBaseline">Whether the rows are those of the classical baseline on MFCC statistics.</param>
/// <param name="Stages">S1, S1+kNN, S2 and S3.</param>
public sealed record PaperStages(string? Augmentation, bool IsBaseline, IReadOnlyList<PaperStage> Stages)
{
    /// <summary>λ of S2 and S3.</summary>
    public const double PaperLambda = 0.1;

    private static readonly PaperStage[] Reported =
    [
        new("S1", 0, RowKinds.Model, 0.7135, 0.7184, null),
        new("S1+kNN", 0, RowKinds.ModelWithNeighbours, 0.7185, 0.7261, null),
        new("S2", PaperLambda, RowKinds.Model, 0.7332, 0.7445, null),
        new("S3", PaperLambda, RowKinds.ModelWithNeighbours, 0.7413, 0.7514, null),
    ];

    /// <summary>Gain of WA by neighbours in the paper: S3 minus S2.</summary>
    public static double GainOfNeighbours => Reported[3].PaperWa - Reported[2].PaperWa;

    /// <summary>The stage of a name.</summary>
    public PaperStage this[string name] => Stages.Single(stage => stage.Name == name);

    /// <summary>Chooses the rows of a sweep.</summary>
    public static PaperStages FromResults(SweepResults results)
    {
        var shown = results.Rows.GroupBy(row => (row.Encoder, row.Profile, row.Augmentation))
            .OrderBy(group => group.Key.Encoder == EncoderSettings.Mfcc)
            .ThenByDescending(group => group.Select(row => row.Lambda).Where(lambda => lambda is 0 or PaperLambda).Distinct().Count())
            .ThenByDescending(group => group.Key.Augmentation == "mixed")
            .FirstOrDefault();
        return new PaperStages(
            shown?.Key.Augmentation,
            shown?.Key.Encoder == EncoderSettings.Mfcc,
            [.. Reported.Select(stage => stage with { Row = shown is null ? null : FindRow(shown, stage.Lambda, stage.Inference) })]);
    }

    /// <summary>The row that is not chosen on test data, the mean over seeds where there is one; null where there is none.</summary>
    internal static ResultRow? FindRow(IEnumerable<ResultRow> rows, double lambda, string inference) => rows
        .Where(row => row.Lambda == lambda && row.Inference == inference && row.Selection is RowKinds.None or RowKinds.PooledValidation)
        .OrderBy(row => row.Seed is null ? 0 : 1)
        .FirstOrDefault();

    /// <summary>A note for tables that show another corpus beside the paper's numbers; none for IEMOCAP.</summary>
    internal static IEnumerable<string> CorpusNote(SweepResults results)
    {
        var corpus = results.Corpus;
        if (corpus.Kind != "iemocap")
        {
            string size = $"{corpus.Utterances} utterances, {corpus.Speakers} speakers";
            yield return $"The paper's numbers are for IEMOCAP; this is another corpus ({corpus.Kind}, {size}).";
        }
    }
}

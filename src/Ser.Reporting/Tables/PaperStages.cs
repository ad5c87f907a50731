using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>A stage of the paper with what it printed for IEMOCAP, shares between 0 and 1, and our row for it.</summary>
/// <param name="Name">S1, S1+kNN, S2 or S3.</param>
/// <param name="Lambda">λ of eq. 2.</param>
/// <param name="Inference">A name of <see cref="RowKinds"/>.</param>
/// <param name="PaperWa">WA as printed.</param>
/// <param name="PaperUa">UA as printed.</param>
/// <param name="Row">Ours; null where the sweep has none.</param>
public sealed record PaperStage(string Name, double Lambda, string Inference, double PaperWa, double PaperUa, ResultRow? Row);

/// <summary>
/// The rows of a sweep that stand for the paper's stages, all of one encoder, profile and augmentation: those that have the most of them. The classical baseline stands in only where
/// there is no encoder. kNN rows are chosen by pooled validation with the first weighting; several seeds give their mean.
/// </summary>
/// <param name="Augmentation">Of the second view; null for an empty sweep.</param>
/// <param name="IsBaseline">Whether they are MFCC statistics with a classical classifier.</param>
/// <param name="Stages">S1, S1+kNN, S2, S3.</param>
public sealed record PaperStages(string? Augmentation, bool IsBaseline, IReadOnlyList<PaperStage> Stages)
{
    /// <summary>λ of S2 and S3.</summary>
    public const double Lambda = 0.1;

    private static readonly PaperStage[] Printed =
    [
        new("S1", 0, RowKinds.Model, 0.7135, 0.7184, null),
        new("S1+kNN", 0, RowKinds.Both, 0.7185, 0.7261, null),
        new("S2", Lambda, RowKinds.Model, 0.7332, 0.7445, null),
        new("S3", Lambda, RowKinds.Both, 0.7413, 0.7514, null),
    ];

    /// <summary>WA that neighbours gain in the paper: S3 less S2.</summary>
    public static double GainOfNeighbours => Printed[3].PaperWa - Printed[2].PaperWa;

    /// <summary>A stage by its name.</summary>
    public PaperStage this[string name] => Stages.Single(stage => stage.Name == name);

    /// <summary>Chooses the rows.</summary>
    public static PaperStages Of(SweepResults results)
    {
        var shown = results.Rows.GroupBy(row => (row.Encoder, row.Profile, row.Augmentation))
            .OrderBy(group => group.Key.Encoder == EncoderSettings.Mfcc)
            .ThenByDescending(group => group.Select(row => row.Lambda).Where(lambda => lambda is 0 or Lambda).Distinct().Count())
            .ThenByDescending(group => group.Key.Augmentation == "mixed").FirstOrDefault();
        return new PaperStages(
            shown?.Key.Augmentation,
            shown?.Key.Encoder == EncoderSettings.Mfcc,
            [.. Printed.Select(stage => stage with { Row = shown is null ? null : Find(shown, stage.Lambda, stage.Inference) })]);
    }

    /// <summary>Of some rows the one without a choice on the test, the mean over seeds where there is one; null where there is none.</summary>
    internal static ResultRow? Find(IEnumerable<ResultRow> rows, double lambda, string inference) => rows
        .Where(row => row.Lambda == lambda && row.Inference == inference && row.Selection is RowKinds.None or RowKinds.PooledValidation)
        .OrderBy(row => row.Seed is null ? 0 : 1).FirstOrDefault();

    /// <summary>What must be said where another corpus stands beside the paper's numbers.</summary>
    internal static IEnumerable<string> CorpusNote(SweepResults results) => results.Corpus.Kind == "iemocap" ? []
        : [$"The paper's numbers are for IEMOCAP; this is another corpus ({results.Corpus.Kind}, {results.Corpus.Utterances} utterances, {results.Corpus.Speakers} speakers)."];
}

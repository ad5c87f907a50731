using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>Names what is not the same in all rows of a sweep, and only that.</summary>
internal sealed class Wording
{
    private readonly bool encoders, profiles, seeds, weightings;

    public Wording(SweepResults results)
    {
        var arms = results.Rows.Where(row => row.Encoder != EncoderSettings.Mfcc).ToList();
        encoders = arms.Select(row => row.Encoder).Distinct().Count() > 1;
        profiles = arms.Select(row => row.Profile).Distinct().Count() > 1;
        seeds = arms.Select(row => row.Seed).Distinct().Count() > 1;
        weightings = results.Rows.Select(row => row.Weighting).OfType<string>().Distinct().Count() > 1;
    }

    public bool NamesWeightings => weightings;

    /// <summary>The settings of a row's arm but for the one that a question is about.</summary>
    public string Settings(ResultRow row, string except)
    {
        (string Of, bool Named, string Text)[] settings =
        [
            (Questions.Encoder, encoders, row.Encoder),
            (Questions.Lambda, true, Lambda(row)),
            (Questions.Augmentation, true, row.Augmentation),
            (Questions.Profile, profiles, row.Profile),
            ("", seeds, row.Seed is { } seed ? $"seed {seed}" : $"{row.Seeds} seeds"),
        ];
        return row.Encoder == EncoderSettings.Mfcc ? row.Arm : string.Join(' ', settings.Where(setting => setting.Named && setting.Of != except).Select(setting => setting.Text));
    }

    /// <summary>The one setting that a question is about.</summary>
    public string Setting(ResultRow row, string question) => question switch
    {
        Questions.Lambda => Lambda(row),
        Questions.Augmentation => row.Augmentation,
        Questions.Profile => row.Profile,
        Questions.Encoder => row.Encoder,
        Questions.Baseline => Settings(row, question),
        _ => "",
    };

    /// <summary>model or model+knn; +knn with the weighting where there are several.</summary>
    public string Inference(ResultRow row) => weightings && row.Weighting is { } weighting ? $"+knn {weighting}" : row.Inference;

    private static string Lambda(ResultRow row) => FormattableString.Invariant($"λ={row.Lambda}");
}

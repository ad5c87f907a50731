using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>Describes rows by the settings that differ within the sweep, and leaves out those that all rows share.</summary>
internal sealed class RowDescriptions
{
    private readonly bool _encodersDiffer, _profilesDiffer, _seedsDiffer, _weightingsDiffer;

    public RowDescriptions(SweepResults results)
    {
        var arms = results.Rows.Where(row => row.Encoder != EncoderSettings.Mfcc).ToList();
        _encodersDiffer = arms.Select(row => row.Encoder).Distinct().Count() > 1;
        _profilesDiffer = arms.Select(row => row.Profile).Distinct().Count() > 1;
        _seedsDiffer = arms.Select(row => row.Seed).Distinct().Count() > 1;
        _weightingsDiffer = results.Rows.Select(row => row.Weighting).OfType<string>().Distinct().Count() > 1;
    }

    public bool HasSeveralWeightings => _weightingsDiffer;

    /// <summary>The settings of a row's arm, except the one that a question is about.</summary>
    public string DescribeArm(ResultRow row, string except)
    {
        if (row.Encoder == EncoderSettings.Mfcc)
        {
            return row.Arm;
        }

        (string Question, bool Shown, string Text)[] settings =
        [
            (ComparisonQuestions.Encoder, _encodersDiffer, row.Encoder),
            (ComparisonQuestions.Lambda, true, Lambda(row)),
            (ComparisonQuestions.Augmentation, true, row.Augmentation),
            (ComparisonQuestions.Profile, _profilesDiffer, row.Profile),
            ("", _seedsDiffer, row.Seed is { } seed ? $"seed {seed}" : $"{row.Seeds} seeds"),
        ];
        var shown = settings.Where(setting => setting.Shown && setting.Question != except);
        return string.Join(' ', shown.Select(setting => setting.Text));
    }

    /// <summary>The setting of a row that a question is about.</summary>
    public string DescribeSetting(ResultRow row, string question) => question switch
    {
        ComparisonQuestions.Lambda => Lambda(row),
        ComparisonQuestions.Augmentation => row.Augmentation,
        ComparisonQuestions.Profile => row.Profile,
        ComparisonQuestions.Encoder => row.Encoder,
        ComparisonQuestions.Baseline => DescribeArm(row, question),
        _ => "",
    };

    /// <summary>The inference of a row; "+knn" and the weighting where the sweep has several weightings.</summary>
    public string DescribeInference(ResultRow row) =>
        _weightingsDiffer && row.Weighting is { } weighting ? $"+knn {weighting}" : row.Inference;

    private static string Lambda(ResultRow row) => FormattableString.Invariant($"λ={row.Lambda}");
}

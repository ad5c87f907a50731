using System.Globalization;
using Ser.Domain.Measures;

namespace Ser.Dashboard.Parts;

/// <summary>One rendered cell of a confusion matrix.</summary>
/// <param name="Text">Text of the cell.</param>
/// <param name="Class">CSS class; empty for none.</param>
/// <param name="Style">Inline style with the background colour.</param>
/// <param name="Title">Tooltip with count and percentage.</param>
internal sealed record ConfusionCell(string Text, string Class, string Style, string Title);

/// <summary>Computes text and colours of the cells of confusion matrices.</summary>
internal static class ConfusionCells
{
    /// <summary>Percentages of the row.</summary>
    public const string Shares = "row %";
    /// <summary>Numbers of utterances.</summary>
    public const string Counts = "counts";
    /// <summary>Differences between the row percentages of two matrices.</summary>
    public const string Difference = "difference";

    // Shares up to one half are drawn in up to 40 % of the full colour, higher ones in 82 % or more. In between, neither dark nor light
    // text would have enough contrast.
    private const double Half = 0.5, MaxLightShade = 0.4, MinDarkShade = 0.82;

    /// <summary>The modes of a matrix.</summary>
    public static IReadOnlyList<string> Modes { get; } = [Shares, Counts, Difference];

    /// <summary>
    /// Renders a cell. A difference is in percentage points of the row; without a matrix to compare with, the row percentage is shown.
    /// </summary>
    public static ConfusionCell CreateCell(Confusion confusion, Confusion? against, string mode, int truth, int answer)
    {
        int count = confusion.Counts[truth][answer], row = confusion.Counts[truth].Sum();
        double share = row == 0 ? 0 : (double)count / row;
        string title = string.Create(CultureInfo.InvariantCulture, $"{count} of {row}, {100 * share:0.0} %");
        if (mode == Difference && against is not null)
        {
            double difference = share - against.RowNormalised[truth][answer];
            double strength = Math.Min(1, Math.Abs(difference) * 5);
            string colour = difference >= 0 ? "--plus" : "--minus";
            string points = (100 * difference).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
            return new ConfusionCell(points, "", Background(colour, MaxLightShade * strength, "--surface"), title);
        }

        string text = mode == Counts
            ? count.ToString(CultureInfo.InvariantCulture)
            : (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
        return new ConfusionCell(text, share > Half ? "high" : "", Background("--cell-high", Shade(share), "--cell-low"), title);
    }

    private static double Shade(double share) =>
        share > Half ? MinDarkShade + ((1 - MinDarkShade) * (share - Half) / Half) : MaxLightShade * share / Half;

    private static string Background(string colour, double share, string onto) =>
        FormattableString.Invariant($"background:color-mix(in srgb,var({colour}) {100 * share:0}%,var({onto}))");
}

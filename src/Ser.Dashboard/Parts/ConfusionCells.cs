using System.Globalization;
using Ser.Domain.Measures;

namespace Ser.Dashboard.Parts;

/// <summary>One cell of a confusion matrix as it is drawn.</summary>
internal sealed record ConfusionCell(string Text, string Class, string Style, string Title);

/// <summary>Cells of confusion matrices, by plain functions.</summary>
internal static class ConfusionCells
{
    public const string Shares = "row %";
    public const string Counts = "counts";
    public const string Difference = "difference";

    // Between these no text has enough contrast, dark or light.
    private const double Half = 0.5, Faintest = 0.4, Strongest = 0.82;

    /// <summary>What a matrix can show.</summary>
    public static IReadOnlyList<string> Modes { get; } = [Shares, Counts, Difference];

    /// <summary>A cell; a difference is that of shares of the row, in points, and is no more than the share where there is nothing to compare with.</summary>
    public static ConfusionCell Of(Confusion confusion, Confusion? against, string mode, int truth, int answer)
    {
        int count = confusion.Counts[truth][answer], row = confusion.Counts[truth].Sum();
        double share = row == 0 ? 0 : (double)count / row;
        string title = string.Create(CultureInfo.InvariantCulture, $"{count} of {row}, {100 * share:0.0} %");
        if (mode == Difference && against is not null)
        {
            double points = share - against.RowNormalised[truth][answer];
            double size = Math.Min(1, Math.Abs(points) * 5);
            string colour = points >= 0 ? "--plus" : "--minus";
            return new ConfusionCell(
                (100 * points).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture), "", Invariant($"background:color-mix(in srgb,var({colour}) {100 * Faintest * size:0}%,var(--surface))"), title);
        }

        return new ConfusionCell(
            mode == Counts ? count.ToString(CultureInfo.InvariantCulture) : (100 * share).ToString("0.0", CultureInfo.InvariantCulture),
            share > Half ? "high" : "", Invariant($"background:color-mix(in srgb,var(--cell-high) {100 * Shade(share):0}%,var(--cell-low))"), title);
    }

    private static double Shade(double share) => share > Half ? Strongest + ((1 - Strongest) * (share - Half) / Half) : Faintest * share / Half;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

using ScottPlot;

namespace Ser.Reporting.Report;

/// <summary>A figure that can be written as SVG and as PNG.</summary>
/// <param name="Name">Name of its files, without an extension.</param>
/// <param name="Caption">What the figure shows and how to read it.</param>
/// <param name="Plot">The drawing.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record Figure(string Name, string Caption, Plot Plot, int Width, int Height)
{
    private const string Sans = "DejaVu Sans";

    /// <summary>Colours that colour-blind readers can tell apart (Okabe and Ito).</summary>
    internal static IReadOnlyList<Color> Colours { get; } =
        [.. ((string[])["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]).Select(Color.FromHex)];

    /// <summary>Whether this machine has a font. Without one, figures are drawn without text.</summary>
    public static bool HasFont => SkiaSharp.SKTypeface.Default.ContainsGlyph('S');

    /// <summary>An SVG document.</summary>
    public string Svg => Plot.GetSvgXml(Width, Height);

    /// <summary>A PNG file at twice the size in pixels.</summary>
    public byte[] ToPng()
    {
        Plot.ScaleFactor = 2;
        byte[] bytes = Plot.GetImageBytes(2 * Width, 2 * Height, ImageFormat.Png);
        Plot.ScaleFactor = 1;
        return bytes;
    }

    /// <summary>An empty plot.</summary>
    internal static Plot CreatePlot()
    {
        var plot = new Plot();
        plot.Font.Set(Sans);
        return plot;
    }

    /// <summary>Text on a plot that has no axes.</summary>
    internal static void AddLabel(
        Plot plot,
        string text,
        double x,
        double y,
        float size = 12,
        Alignment alignment = Alignment.MiddleCenter,
        bool bold = false,
        bool white = false)
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelFontName = Sans;
        label.LabelFontSize = size;
        label.LabelAlignment = alignment;
        label.LabelBold = bold;
        label.LabelFontColor = white ? ScottPlot.Colors.White : ScottPlot.Colors.Black;
    }
}

using System.Globalization;
using Ser.Dashboard.Reading;
using Ser.Domain.Selection;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>A heat map of UA over k and α with marks for the selected values and for the position of the sliders.</summary>
internal static class SurfaceChart
{
    /// <summary>Name of the series with the position of the sliders.</summary>
    public const string SliderSeries = "sliders";

    private const string OracleNote = "best on test data: upper bound; do not report";
    private const string PooledNote = "selected on pooled validation";

    private static readonly string[] Viridis =
        ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725"];

    /// <summary>Options of the chart.</summary>
    /// <param name="arm">The surfaces.</param>
    /// <param name="onTest">Whether to show the surface of the test queries instead of the validation queries.</param>
    /// <param name="k">Position of the slider of k.</param>
    /// <param name="alpha">Position of the slider of α.</param>
    public static object Options(ArmSurface arm, bool onTest, int k, double alpha)
    {
        double[][] surface = onTest ? arm.OnTest : arm.OnValidation;
        double min = surface.Min(line => line.Min()), max = surface.Max(line => line.Max());
        return new
        {
            Grid = new { Left = 44, Right = 74, Top = 12, Bottom = 40 },
            Tooltip = new { Trigger = "item", Formatter = "@surfaceTip" },
            XAxis = new
            {
                Type = "category",
                Name = "k",
                NameLocation = "middle",
                NameGap = 24,
                Data = arm.K.Select(number => number.ToString(CultureInfo.InvariantCulture)),
                SplitLine = new { Show = false },
            },
            YAxis = new
            {
                Type = "category",
                Name = "α",
                NameLocation = "middle",
                NameGap = 32,
                NameRotate = 0,
                Data = Enumerable.Range(0, ArmSurface.Steps + 1).Select(AlphaText),
                AxisLabel = new { Interval = 3 },
                SplitLine = new { Show = false },
            },
            VisualMap = new
            {
                Type = "continuous",
                SeriesIndex = 0,
                Dimension = 2,
                Min = min,
                Max = max,
                Calculable = false,
                Right = 4,
                Top = 10,
                ItemHeight = 180,
                ItemWidth = 12,
                Formatter = "@percent",
                InRange = new { Color = Viridis },
                Text = (string[])[Percent(max), Percent(min)],
            },
            Series = (object[])
            [
                new { Name = "UA", Type = "heatmap", Progressive = 0, Data = HeatMapCells(arm, surface) },
                Points("each fold's validation", "circle", 9, "transparent", "#ffffff", FoldPoints(arm)),
                Points("test oracle", "diamond", 15, "#000000", "#ffffff", [Point(arm, arm.Oracle, OracleNote)]),
                Points("pooled validation", "pin", 30, "#d55e00", "#ffffff", [Point(arm, arm.Pooled, PooledNote)]),
                Points(SliderSeries, "rect", 15, "transparent", "#e6007a", SliderData(arm, k, alpha)),
            ],
        };
    }

    /// <summary>Data of the series with the position of the sliders.</summary>
    public static IEnumerable<object> SliderData(ArmSurface arm, int k, double alpha) =>
        [new { Value = new[] { Column(arm, k), Step(alpha) }, K = k, Alpha = Text(alpha), Note = "position of the sliders" }];

    private static IEnumerable<object> HeatMapCells(ArmSurface arm, double[][] surface) =>
        from step in Enumerable.Range(0, surface.Length)
        from column in Enumerable.Range(0, arm.K.Count)
        let ua = surface[step][column]
        select new { Value = new[] { column, step, Math.Round(ua, 5) }, K = arm.K[column], Alpha = AlphaText(step), Ua = ua };

    private static IEnumerable<object> FoldPoints(ArmSurface arm) =>
        arm.ByFold.Select((chosen, i) => Point(arm, chosen, $"selected on validation of fold {arm.Folds[i]}"));

    private static object Points(string name, string symbol, int size, string fill, string line, IEnumerable<object> data) => new
    {
        Name = name,
        Type = "scatter",
        Symbol = symbol,
        SymbolSize = size,
        Data = data,
        ItemStyle = new { Color = fill, BorderColor = line, BorderWidth = 2, Opacity = 1 },
        Z = 10,
    };

    private static object Point(ArmSurface arm, RetrievalChoice chosen, string note) => new
    {
        Value = new[] { Column(arm, chosen.K), Step(chosen.Alpha) },
        chosen.K,
        Alpha = Text(chosen.Alpha),
        chosen.Ua,
        Note = note,
    };

    private static int Column(ArmSurface arm, int k) => Math.Max(0, arm.K.ToList().IndexOf(k));

    private static string AlphaText(int step) => Text((double)step / ArmSurface.Steps);

    private static int Step(double alpha) => (int)Math.Round(alpha * ArmSurface.Steps);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Text(double alpha) => alpha.ToString("0.###", CultureInfo.InvariantCulture);
}

namespace Ser.Dashboard.Parts.Charts;

/// <summary>A click on a point of a chart.</summary>
/// <param name="Series">Name of the series.</param>
/// <param name="Name">Name of the point.</param>
/// <param name="Index">Its place in the series' data.</param>
/// <param name="Key">The point's own `key`, where its data have one.</param>
public sealed record ChartClick(string Series, string Name, int Index, string? Key);

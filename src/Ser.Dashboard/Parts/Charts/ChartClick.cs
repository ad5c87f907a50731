namespace Ser.Dashboard.Parts.Charts;

/// <summary>A click on a point of a chart.</summary>
/// <param name="Series">Name of the series.</param>
/// <param name="Name">Name of the point.</param>
/// <param name="Index">Position of the point in the data of the series.</param>
/// <param name="Key">The `key` of the point; null if its data has none.</param>
public sealed record ChartClick(string Series, string Name, int Index, string? Key);

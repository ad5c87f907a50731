namespace Ser.Dashboard.Parts.Charts;

/// <summary>The points of one series that were selected with a box.</summary>
/// <param name="Series">Position of the series in the options.</param>
/// <param name="Index">Positions of the points in the data of the series.</param>
public sealed record ChartBrush(int Series, IReadOnlyList<int> Index);

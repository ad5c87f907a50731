namespace Ser.Dashboard.Parts.Charts;

/// <summary>Points of one series that a box was drawn around.</summary>
/// <param name="Series">Place of the series.</param>
/// <param name="Index">Places of the points in its data.</param>
public sealed record ChartBrush(int Series, IReadOnlyList<int> Index);

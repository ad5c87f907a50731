using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>Every table of a sweep, as people read it.</summary>
public static class SweepReport
{
    /// <summary>The rows, and what follows from them.</summary>
    public static IReadOnlyList<Table> Of(SweepResults results) => [.. ((Table?[])[RowsTable.Of(results), ChosenTable.Of(results), ComparisonsTable.Of(results)]).OfType<Table>()];
}

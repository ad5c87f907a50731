using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The tables of a sweep for reading.</summary>
public static class SweepReport
{
    /// <summary>The table of rows, and those of chosen λ and comparisons where there are any.</summary>
    public static IReadOnlyList<Table> CreateTables(SweepResults results)
    {
        Table?[] tables = [RowsTable.Create(results), ChosenTable.Create(results), ComparisonsTable.Create(results)];
        return [.. tables.OfType<Table>()];
    }
}

using Ser.Reporting.Results;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>Sorts the table of rows.</summary>
internal static class RowOrder
{
    private static readonly Dictionary<string, Func<ResultRow, IComparable?>> Keys = new()
    {
        ["arm"] = row => row.Arm,
        ["inference"] = row => row.Inference,
        ["selection"] = row => row.Selection,
        ["k"] = row => row.K,
        ["alpha"] = row => row.Alpha,
        ["wa"] = row => row.Wa.Mean,
        ["ua"] = row => row.Ua.Mean,
        ["pooled"] = row => row.Ua.Pooled,
        ["folds"] = row => row.Folds.Count,
    };

    /// <summary>
    /// Sorts rows by a column. An unknown column, or null, keeps the order of the grid. A - in front of the name sorts in descending
    /// order. Rows without a value come last.
    /// </summary>
    public static IReadOnlyList<ResultRow> Sorted(IReadOnlyList<ResultRow> rows, string? by)
    {
        if (by is null || !Keys.TryGetValue(by.TrimStart('-'), out var key))
        {
            return rows;
        }

        var present = rows.OrderBy(row => key(row) is null);
        return by[0] == '-' ? [.. present.ThenByDescending(key)] : [.. present.ThenBy(key)];
    }

    /// <summary>The order after a click on the header of a column: descending, then ascending, then the order of the grid.</summary>
    public static string? Next(string column, string? current) =>
        current == "-" + column ? column : current == column ? null : "-" + column;

    /// <summary>Value of the attribute aria-sort of a column.</summary>
    public static string Aria(string column, string? current) =>
        current == column ? "ascending" : current == "-" + column ? "descending" : "none";
}

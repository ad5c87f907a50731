using Ser.Reporting.Results;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>Order and filter of the table of rows.</summary>
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

    /// <summary>Sorts by a name; one that is none leaves the order of the grid. A name with - in front sorts from the top down; rows without a value come last.</summary>
    public static IReadOnlyList<ResultRow> Sorted(IReadOnlyList<ResultRow> rows, string? by)
    {
        if (by is null || !Keys.TryGetValue(by.TrimStart('-'), out var key))
        {
            return rows;
        }

        var present = rows.OrderBy(row => key(row) is null);
        return by[0] == '-' ? [.. present.ThenByDescending(key)] : [.. present.ThenBy(key)];
    }

    /// <summary>What a click on a column's head asks for: first down (for numbers), then up, then the order of the grid.</summary>
    public static string? Next(string column, string? now) => now == "-" + column ? column : now == column ? null : "-" + column;

    /// <summary>aria-sort of a column.</summary>
    public static string Aria(string column, string? now) => now == column ? "ascending" : now == "-" + column ? "descending" : "none";
}

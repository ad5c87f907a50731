using System.Globalization;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>A table, independent of the format in which it is written.</summary>
/// <param name="Title">Headline.</param>
/// <param name="Columns">Column heads.</param>
/// <param name="Rows">Cells by row.</param>
/// <param name="Notes">Notes below the table, such as missing folds.</param>
public sealed record Table(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Headings by the index of the row above which they appear. A heading applies until the next one.</summary>
    public IReadOnlyDictionary<int, string> Headings { get; init; } = new Dictionary<int, string>();

    /// <summary>The result behind each row, by the index of the row. Rows that are not results of the sweep are left out.</summary>
    public IReadOnlyDictionary<int, ResultRow> Sources { get; init; } = new Dictionary<int, ResultRow>();

    internal static IReadOnlyDictionary<int, ResultRow> IndexSources(IEnumerable<ResultRow?> rows) =>
        rows.Index().Where(row => row.Item is not null).ToDictionary(row => row.Index, row => row.Item!);
}

/// <summary>One cell: text for people, and the number behind it for programs.</summary>
public sealed record Cell(string Text, double? Value = null)
{
    /// <summary>An empty cell, shown as a dash.</summary>
    public static Cell None { get; } = new("–");

    /// <summary>A share between 0 and 1 as percent.</summary>
    public static Cell Percent(double? share) =>
        share is { } value ? new((100 * value).ToString("0.00", CultureInfo.InvariantCulture), value) : None;

    /// <summary>A difference of shares in percentage points, with its sign.</summary>
    public static Cell Points(double share) =>
        new((100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture), share);

    /// <summary>Mean ± sd in percent; the mean alone where there is no sd.</summary>
    public static Cell Mean(Score? score)
    {
        if (score is null)
        {
            return None;
        }

        string sd = score.Sd is { } value ? $" ± {Percent(value).Text}" : "";
        return new(Percent(score.Mean).Text + sd, score.Mean);
    }

    /// <summary>An interval of shares in percent.</summary>
    public static Cell Interval(double low, double high) => new($"[{Percent(low).Text}, {Percent(high).Text}]");

    /// <summary>A probability to three digits.</summary>
    public static Cell PValue(double? p) =>
        p is { } value ? new(value.ToString("0.000", CultureInfo.InvariantCulture), value) : None;

    /// <summary>A number with at most four digits after the decimal point.</summary>
    public static Cell Number(double? number) =>
        number is { } value ? new(value.ToString("0.####", CultureInfo.InvariantCulture), value) : None;
}

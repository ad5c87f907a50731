using System.Globalization;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>What every format of a table is written from.</summary>
/// <param name="Title">Headline.</param>
/// <param name="Columns">Column heads.</param>
/// <param name="Rows">Cells by row.</param>
/// <param name="Notes">What a reader must know: missing folds, another corpus.</param>
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>What is said above a row about it and those that follow, by the index of the row.</summary>
    public IReadOnlyDictionary<int, string> Headings { get; init; } = new Dictionary<int, string>();

    /// <summary>The rows of results that rows of the table are made from, by the index of the row; those that are not ours are left out.</summary>
    public IReadOnlyDictionary<int, ResultRow> Sources { get; init; } = new Dictionary<int, ResultRow>();

    internal static IReadOnlyDictionary<int, ResultRow> SourcesOf(IEnumerable<ResultRow?> rows) =>
        rows.Select((row, at) => (row, at)).Where(one => one.row is not null).ToDictionary(one => one.at, one => one.row!);
}

/// <summary>One cell: text for people, and the number behind it for programs.</summary>
public sealed record Cell(string Text, double? Value = null)
{
    /// <summary>Nothing to say here.</summary>
    public static Cell None { get; } = new("–");

    /// <summary>A share between 0 and 1 as percent.</summary>
    public static Cell Percent(double? share) => share is { } value ? new((100 * value).ToString("0.00", CultureInfo.InvariantCulture), value) : None;

    /// <summary>Points of percent with their sign.</summary>
    public static Cell Points(double share) => new((100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture), share);

    /// <summary>Mean ± sd in percent; the mean alone where there is no sd.</summary>
    public static Cell Mean(Score? score) => score is null ? None
        : new(Percent(score.Mean).Text + (score.Sd is { } sd ? $" ± {Percent(sd).Text}" : ""), score.Mean);

    /// <summary>An interval of shares in percent.</summary>
    public static Cell Interval(double low, double high) => new($"[{Percent(low).Text}, {Percent(high).Text}]");

    /// <summary>A probability to three digits.</summary>
    public static Cell P(double? p) => p is { } value ? new(value.ToString("0.000", CultureInfo.InvariantCulture), value) : None;

    /// <summary>A number as it is, at most four digits after the point.</summary>
    public static Cell Number(double? number) => number is { } value ? new(value.ToString("0.####", CultureInfo.InvariantCulture), value) : None;
}

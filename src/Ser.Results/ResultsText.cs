using Ser.Domain;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Results;

/// <summary>Writes results in the formats of `ser results` and GET /api/sweeps/{name}/results.</summary>
public static class ResultsText
{
    /// <summary>Names of the formats.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["table", "json", "csv", "markdown", "latex"];

    /// <summary>Writes results in one of <see cref="Formats"/>.</summary>
    /// <exception cref="InputException">There is no such format.</exception>
    public static string Write(SweepResults results, string format) => format switch
    {
        "table" => TextTableWriter.Write(SweepReport.CreateTables(results)),
        "json" => ResultsJson.Write(results),
        "csv" => CsvTableWriter.Write(RowsTable.CreateWide(results)),
        "markdown" => MarkdownTableWriter.Write(SweepReport.CreateTables(results)),
        "latex" => LatexTableWriter.Write(SweepReport.CreateTables(results)),
        _ => throw new InputException(
            $"there is no format {format}: give one of {string.Join(", ", Formats)} (the nearest is {Spelling.Nearest(format, Formats)})"),
    };
}

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
        "table" => ResultsTable.Write(SweepReport.Of(results)),
        "json" => ResultsJson.Write(results),
        "csv" => ResultsCsv.Write(RowsTable.Wide(results)),
        "markdown" => ResultsMarkdown.Write(SweepReport.Of(results)),
        "latex" => ResultsLatex.Write(SweepReport.Of(results)),
        _ => throw new InputException(
            $"there is no format {format}: give one of {string.Join(", ", Formats)} (the nearest is {Nearest.Of(format, Formats)})"),
    };
}

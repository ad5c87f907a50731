using Ser.Domain;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Results;

/// <summary>Results in every format that `ser results` and GET /api/sweeps/{name}/results offer.</summary>
public static class ResultsText
{
    /// <summary>Names of the formats.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["table", "json", "csv", "markdown", "latex"];

    /// <summary>The results in one of <see cref="Formats"/>.</summary>
    /// <exception cref="InputException">No such format.</exception>
    public static string Write(SweepResults results, string format) => format switch
    {
        "table" => ResultsTable.Write(SweepReport.Of(results)),
        "json" => ResultsJson.Write(results),
        "csv" => ResultsCsv.Write(RowsTable.Wide(results)),
        "markdown" => ResultsMarkdown.Write(SweepReport.Of(results)),
        "latex" => ResultsLatex.Write(SweepReport.Of(results)),
        _ => throw new InputException($"there is no format {format}: give {string.Join(", ", Formats)} (the nearest is {Nearest.Of(format, Formats)})"),
    };
}

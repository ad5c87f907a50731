using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Dashboard.Live;
using Ser.Dashboard.Reading;
using Ser.Domain;
using Ser.Reporting;
using Ser.Reporting.Report;
using Ser.Reporting.Results;
using Ser.Results;

namespace Ser.Dashboard.Downloads;

/// <summary>Downloads of a sweep's tables and figures.</summary>
internal static class SweepDownloads
{
    /// <summary>Formats of a table: the extensions of its files.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["csv", "json", "md", "tex"];

    // Rasterising a figure needs much memory, so figures are rendered one at a time.
    private static readonly SemaphoreSlim Rendering = new(1);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sweeps/{sweep}/tables/{table}.{format}", TableAsync);
        app.MapGet("/sweeps/{sweep}/figures/{figure}.{format}", FigureAsync);
    }

    private static async Task<IResult> TableAsync(string sweep, string table, string format, Feeds feeds, TablesCache tables)
    {
        try
        {
            var results = (await tables.GetAsync(await StoredAsync(feeds, sweep))).Results;
            byte[] file = Encoding.UTF8.GetBytes(Write(results, table, format));
            return TypedResults.File(file, ContentType(format), $"{sweep}-{table}.{format}");
        }
        catch (Exception refused) when (refused is InputException or StorageException)
        {
            return Refused(refused);
        }
    }

    private static string Write(SweepResults results, string name, string format)
    {
        const string nothingToCompare = "the sweep does not have two rows to compare yet";
        var table = name switch
        {
            "rows" => format == "csv" ? RowsTable.CreateWide(results) : RowsTable.Create(results),
            "comparisons" => ComparisonsTable.Create(results) ?? throw new InputException(nothingToCompare),
            _ => throw new InputException($"there is no table {name}: the tables are rows and comparisons"),
        };
        return format switch
        {
            "csv" => CsvTableWriter.Write(table),
            "json" => ResultsJson.Write(results),
            "md" => MarkdownTableWriter.Write(table),
            "tex" => LatexTableWriter.Write(table),
            _ => throw new InputException($"there is no format {format}: the formats are {string.Join(", ", Formats)}"),
        };
    }

    private static async Task<IResult> FigureAsync(
        string sweep, string figure, string format, Feeds feeds, FiguresCache figures, CancellationToken stop)
    {
        try
        {
            var drawn = await figures.GetAsync(await StoredAsync(feeds, sweep), figure)
                ?? throw new InputException($"the sweep has no data for {figure} yet");
            await Rendering.WaitAsync(stop);
            try
            {
                return await Task.Run(IResult () => format switch
                {
                    "svg" => TypedResults.File(Encoding.UTF8.GetBytes(drawn.Svg), "image/svg+xml", $"{sweep}-{figure}.svg"),
                    "png" => TypedResults.File(drawn.ToPng(), "image/png", $"{sweep}-{figure}.png"),
                    _ => throw new InputException($"there is no format {format}: the formats are svg and png"),
                });
            }
            finally
            {
                Rendering.Release();
            }
        }
        catch (Exception refused) when (refused is InputException or StorageException)
        {
            return Refused(refused);
        }
    }

    private static async Task<StoredSweep> StoredAsync(Feeds feeds, string sweep)
    {
        var latest = await feeds.Sweep(sweep).ReadAsync();
        return latest.Problem is { } problem && latest.Value is null ? throw problem : latest.Value!;
    }

    private static IResult Refused(Exception reason)
    {
        int status = reason is InputException ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
        return TypedResults.Text(reason.Message, "text/plain", Encoding.UTF8, status);
    }

    private static string ContentType(string format) => format switch
    {
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        _ => "application/x-tex; charset=utf-8",
    };
}

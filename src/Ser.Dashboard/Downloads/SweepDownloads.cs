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

/// <summary>Tables and figures of a sweep as files.</summary>
internal static class SweepDownloads
{
    /// <summary>Formats of a table, as their files end.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["csv", "json", "md", "tex"];

    // A plot is drawn by one at a time.
    private static readonly SemaphoreSlim Drawing = new(1);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sweeps/{sweep}/tables/{table}.{format}", TableAsync);
        app.MapGet("/sweeps/{sweep}/figures/{figure}.{format}", FigureAsync);
    }

    private static async Task<IResult> TableAsync(string sweep, string table, string format, Feeds feeds, TablesCache tables)
    {
        try
        {
            var results = (await tables.OfAsync(await StoredAsync(feeds, sweep))).Results;
            return TypedResults.File(Encoding.UTF8.GetBytes(Write(results, table, format)), TypeOf(format), $"{sweep}-{table}.{format}");
        }
        catch (Exception refused) when (refused is InputException or StorageException)
        {
            return Refused(refused);
        }
    }

    private static string Write(SweepResults results, string name, string format)
    {
        var table = name switch
        {
            "rows" => format == "csv" ? RowsTable.Wide(results) : RowsTable.Of(results),
            "comparisons" => ComparisonsTable.Of(results) ?? throw new InputException("the sweep has no two rows to compare yet"),
            _ => throw new InputException($"there is no table {name}: there are rows and comparisons"),
        };
        return format switch
        {
            "csv" => ResultsCsv.Write(table),
            "json" => ResultsJson.Write(results),
            "md" => ResultsMarkdown.Write(table),
            "tex" => ResultsLatex.Write(table),
            _ => throw new InputException($"there is no format {format}: there are {string.Join(", ", Formats)}"),
        };
    }

    private static async Task<IResult> FigureAsync(string sweep, string figure, string format, Feeds feeds, FiguresCache figures, CancellationToken stop)
    {
        try
        {
            var drawn = await figures.OfAsync(await StoredAsync(feeds, sweep), figure) ?? throw new InputException($"the sweep has nothing for {figure} yet");
            await Drawing.WaitAsync(stop);
            try
            {
                return await Task.Run(IResult () => format switch
                {
                    "svg" => TypedResults.File(Encoding.UTF8.GetBytes(drawn.Svg), "image/svg+xml", $"{sweep}-{figure}.svg"),
                    "png" => TypedResults.File(drawn.Png(), "image/png", $"{sweep}-{figure}.png"),
                    _ => throw new InputException($"there is no format {format}: there are svg and png"),
                });
            }
            finally
            {
                Drawing.Release();
            }
        }
        catch (Exception refused) when (refused is InputException or StorageException)
        {
            return Refused(refused);
        }
    }

    private static async Task<StoredSweep> StoredAsync(Feeds feeds, string sweep)
    {
        var moment = await feeds.Sweep(sweep).ReadAsync();
        return moment.Problem is { } problem && moment.Value is null ? throw problem : moment.Value!;
    }

    private static IResult Refused(Exception why) =>
        TypedResults.Text(why.Message, "text/plain", Encoding.UTF8, why is InputException ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable);

    private static string TypeOf(string format) => format switch
    {
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        _ => "application/x-tex; charset=utf-8",
    };
}

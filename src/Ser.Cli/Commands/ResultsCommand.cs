using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Hosting.Data;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Cli.Commands;

/// <summary>`ser results`: the tables of a sweep, from accepted results alone.</summary>
internal static class ResultsCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var format = new Option<string>("--format") { Description = "table, json, csv, markdown or latex.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "csv", "markdown", "latex");
        var command = new Command("results", "Print the tables of a sweep, also of an unfinished one: a missing fold is said.") { sweep, format };
        command.SetAction(parsed =>
        {
            using var data = DataFolder.OpenForReading(CommandLine.DataFolder(parsed));
            var results = StoredResults.Of(data, parsed.GetValue(sweep)!);
            var tables = SweepReport.Of(results);
            Output.Text((parsed.GetValue(CommandLine.Json) ? "json" : parsed.GetValue(format)) switch
            {
                "json" => ResultsJson.Write(results),
                "csv" => ResultsCsv.Write(RowsTable.Wide(results)),
                "markdown" => ResultsMarkdown.Write(tables),
                "latex" => ResultsLatex.Write(tables),
                _ => ResultsTable.Write(tables),
            });
            return CommandLine.Done;
        });
        return command;
    }
}

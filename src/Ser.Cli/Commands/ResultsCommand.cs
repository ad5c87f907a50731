using System.CommandLine;
using Ser.Client;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser results`: the tables of a sweep, computed from accepted results only.</summary>
internal static class ResultsCommand
{
    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var format = new Option<string>("--format")
        {
            Description = "table, json, csv, markdown or latex.",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong([.. ResultsText.Formats]);
        var command = new SerCommand(
            "results",
            "Print the tables of a sweep, finished or not.",
            "ser results iemocap --format markdown",
            "Print the tables of a sweep, even of an unfinished one: missing folds are reported.")
        {
            sweep, format,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            string chosenFormat = parsed.GetValue(CommandLine.Json) ? "json" : parsed.GetValue(format)!;
            using var server = SchedulerOptions.Connect(parsed);
            Output.WriteText(server is null
                ? ReadFolder(CommandLine.DataFolder(parsed), name, chosenFormat)
                : await server.GetTextAsync($"api/sweeps/{Uri.EscapeDataString(name)}/results?format={chosenFormat}", stop));
            return CommandLine.Done;
        });
        return command;
    }

    private static string ReadFolder(string folder, string sweep, string format)
    {
        using var data = DataFolder.OpenForReading(folder);
        var (reads, artifacts) = SweepSource.Find(data, sweep);
        return ResultsText.Write(StoredResults.Compute(reads, artifacts, sweep), format);
    }
}

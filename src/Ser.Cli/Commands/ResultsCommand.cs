using System.CommandLine;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser results`: the tables of a sweep, from accepted results alone.</summary>
internal static class ResultsCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var format = new Option<string>("--format") { Description = "table, json, csv, markdown or latex.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong([.. ResultsText.Formats]);
        var command = new Command("results", "Print the tables of a sweep, also of an unfinished one: a missing fold is said.") { sweep, format };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            string wanted = parsed.GetValue(CommandLine.Json) ? "json" : parsed.GetValue(format)!;
            using var server = Target.Of(parsed);
            Output.Text(server is null
                ? OfFolder(CommandLine.DataFolder(parsed), name, wanted)
                : await server.TextAsync($"api/sweeps/{Uri.EscapeDataString(name)}/results?format={wanted}", stop));
            return CommandLine.Done;
        });
        return command;
    }

    private static string OfFolder(string folder, string sweep, string format)
    {
        using var data = DataFolder.OpenForReading(folder);
        var (reads, artifacts) = SweepSource.Of(data, sweep);
        return ResultsText.Write(StoredResults.Of(reads, artifacts, sweep), format);
    }
}

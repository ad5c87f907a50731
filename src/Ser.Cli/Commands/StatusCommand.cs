using System.CommandLine;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.Results.Bundles;
using Ser.Results.Status;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser status`: every sweep of a data folder or a scheduler, also while a runner works.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var command = new Command("status", "Show every sweep of the data folder or the scheduler: state, folds done, what runs, what failed.");
        command.SetAction(async (parsed, stop) =>
        {
            bool json = parsed.GetValue(CommandLine.Json);
            using var server = Target.Of(parsed);
            string text = server is null ? OfFolder(CommandLine.DataFolder(parsed), json) : await server.TextAsync($"api/sweeps?format={(json ? "json" : "text")}", stop);
            if (text.Length > 0)
            {
                Output.Text(text);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static string OfFolder(string folder, bool json)
    {
        using var data = DataFolder.OpenForReading(folder);
        bool runner = data.HasRunner;
        SweepSnapshot[] sweeps = [.. data.Reads.Sweeps(), .. new Imports(data.Folder).All().SelectMany(import => import.Sweeps())];
        return json
            ? StatusJson.Write(sweeps, runner)
            : StatusText.Write(sweeps, runner ? null : name => $"nobody runs it; what was running was cut off: ser resume {name}");
    }
}

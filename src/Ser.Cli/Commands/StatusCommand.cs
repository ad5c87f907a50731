using System.CommandLine;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.Results.Bundles;
using Ser.Results.Status;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser status`: every sweep of a data folder or a scheduler, even during a run.</summary>
internal static class StatusCommand
{
    internal static SerCommand Create()
    {
        var command = new SerCommand(
            "status",
            "Show every sweep: state, folds done, failed jobs.",
            "ser status --data ./ser-data",
            "Show every sweep of the data folder or the scheduler: state, folds done, running jobs, failed jobs.");
        command.SetAction(async (parsed, stop) =>
        {
            bool json = parsed.GetValue(CommandLine.Json);
            using var server = SchedulerOptions.Connect(parsed);
            string text = server is null
                ? ReadFolder(CommandLine.DataFolder(parsed), json)
                : await server.GetTextAsync($"api/sweeps?format={(json ? "json" : "text")}", stop);
            if (text.Length > 0)
            {
                Output.WriteText(text);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static string ReadFolder(string folder, bool json)
    {
        using var data = DataFolder.OpenForReading(folder);
        bool hasRunner = data.HasRunner;
        SweepSnapshot[] sweeps = [.. data.Reads.Sweeps(), .. new ImportedSweeps(data.Folder).All().SelectMany(import => import.Sweeps())];
        if (json)
        {
            return StatusJson.Write(sweeps, hasRunner);
        }

        string InterruptedHint(string name) => $"no process runs it; its running jobs were interrupted: ser resume {name}";
        return StatusText.Write(sweeps, hasRunner ? null : InterruptedHint);
    }
}

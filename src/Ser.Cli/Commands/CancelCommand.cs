using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain;
using Ser.Results.Bundles;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser cancel`: cancels the jobs of a sweep that no other sweep needs.</summary>
internal static class CancelCommand
{
    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var command = new SerCommand(
            "cancel",
            "Stop a sweep; results and checkpoints stay.",
            "ser cancel iemocap",
            "Stop a sweep: the jobs that no other sweep needs are cancelled. Results and checkpoints stay; ser resume continues it.")
        {
            sweep,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            using var server = SchedulerOptions.Connect(parsed);
            int? cancelled = server is null
                ? CancelInFolder(CommandLine.DataFolder(parsed), name)
                : (await server.PostAsync<CancelResponse>($"api/sweeps/{Uri.EscapeDataString(name)}/cancel", stop)).Cancelled;
            string outcome = cancelled is { } count ? $"{Plural.Count(count, "job")} cancelled" : "asked the running process to cancel it";
            Output.WriteMessage($"{name}: {outcome}");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(new JsonObject { ["sweep"] = name, ["cancelled"] = cancelled, ["asked"] = cancelled is null });
            }

            return CommandLine.Done;
        });
        return command;
    }

    // Null where another process runs the folder, which was asked to cancel.
    private static int? CancelInFolder(string folder, string sweep)
    {
        new ImportedSweeps(folder).RejectIfImported(sweep, "cancelled");
        return DataFolder.Cancel(folder, sweep);
    }
}

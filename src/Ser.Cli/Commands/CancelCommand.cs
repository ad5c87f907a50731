using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Results.Bundles;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser cancel`: stops what no other sweep wants.</summary>
internal static class CancelCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var command = new Command("cancel", "Stop a sweep: its jobs that no other sweep wants. Results and checkpoints stay; ser resume goes on.") { sweep };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            using var server = Target.Of(parsed);
            if (server is null)
            {
                new Imports(CommandLine.DataFolder(parsed)).Refuse(name, "cancelled");
            }

            int? cancelled = server is null
                ? DataFolder.Cancel(CommandLine.DataFolder(parsed), name)
                : (await server.PostAsync<CancelAnswer>($"api/sweeps/{Uri.EscapeDataString(name)}/cancel", stop)).Cancelled;
            Output.Say(cancelled is null ? $"{name}: asked the running process to cancel it" : $"{name}: {cancelled} jobs cancelled");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["sweep"] = name, ["cancelled"] = cancelled, ["asked"] = cancelled is null });
            }

            return CommandLine.Done;
        });
        return command;
    }
}

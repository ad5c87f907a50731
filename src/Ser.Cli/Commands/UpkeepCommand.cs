using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Scheduler.Recurring;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser upkeep`: removes what nobody reads, as a scheduler does every hour.</summary>
internal static class UpkeepCommand
{
    internal static Command Create()
    {
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be removed, and change nothing." };
        var command = new Command("upkeep", "Remove what nobody reads: checkpoints of finished jobs, files of attempts that were not accepted, unfinished files. A scheduler does so every hour.") { dry };
        command.SetAction(async (parsed, stop) =>
        {
            bool look = parsed.GetValue(dry);
            using var server = Target.Of(parsed);
            var report = server is null ? OfFolder(CommandLine.DataFolder(parsed), look) : await server.PostAsync<UpkeepReport>($"api/upkeep?dry={(look ? "true" : "false")}", stop);
            Output.Say($"{(look ? "would remove" : "removed")} checkpoints of {report.Checkpoints.Count} finished jobs, files of {report.Attempts.Count} attempts that were not accepted{(report.Unfinished is { } parts ? $", {parts} unfinished files or uploads" : "")}");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(JsonSerializer.SerializeToNode(report, ApiJson.Options) as JsonObject ?? []);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static UpkeepReport OfFolder(string folder, bool look)
    {
        using (DataFolder.OpenForReading(folder))
        {
            // Refuses a folder that is none: a runner would make one.
        }

        using var data = DataFolder.OpenAsRunner(folder, "ser upkeep");
        return new Upkeep(data.Jobs, data.Reads, data.Artifacts, RetentionSettings.Usual, TimeProvider.System, NullLogger<Upkeep>.Instance).Run(look);
    }
}

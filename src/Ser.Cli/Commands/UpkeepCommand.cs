using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Ser.Client;
using Ser.Domain;
using Ser.Scheduler.Recurring;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser upkeep`: deletes unused files, as a scheduler does every hour.</summary>
internal static class UpkeepCommand
{
    internal static SerCommand Create()
    {
        var dry = new Option<bool>("--dry-run") { Description = "Report what would be deleted, and change nothing." };
        var command = new SerCommand(
            "upkeep",
            "Delete unused files, as a scheduler does every hour.",
            "ser upkeep --dry-run",
            "Delete unused files: checkpoints of finished jobs, files of attempts that were not accepted, unfinished files. "
            + "A scheduler does this every hour.")
        {
            dry,
        };
        command.SetAction(async (parsed, stop) =>
        {
            bool isDryRun = parsed.GetValue(dry);
            using var server = SchedulerOptions.Connect(parsed);
            var report = server is null
                ? RunOnFolder(CommandLine.DataFolder(parsed), isDryRun)
                : await server.PostAsync<UpkeepReport>($"api/upkeep?dry={(isDryRun ? "true" : "false")}", stop);
            Output.WriteMessage(Describe(report, isDryRun));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(JsonSerializer.SerializeToNode(report, ApiJson.Options) as JsonObject ?? []);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static string Describe(UpkeepReport report, bool isDryRun)
    {
        string verb = isDryRun ? "would delete" : "deleted";
        string checkpoints = $"checkpoints of {Plural.Count(report.Checkpoints.Count, "finished job")}";
        string attempts = $"files of {Plural.Count(report.Attempts.Count, "attempt")} not accepted";
        string unfinished = report.Unfinished is { } count ? $", {count} unfinished files or uploads" : "";
        return $"{verb} {checkpoints}, {attempts}{unfinished}";
    }

    private static UpkeepReport RunOnFolder(string folder, bool isDryRun)
    {
        using (DataFolder.OpenForReading(folder))
        {
            // Refuses a folder that is not a data folder; OpenAsRunner would create one.
        }

        using var data = DataFolder.OpenAsRunner(folder, "ser upkeep");
        var logger = NullLogger<Upkeep>.Instance;
        var upkeep = new Upkeep(data.Jobs.Leases, data.Reads, data.Artifacts, RetentionSettings.Default, TimeProvider.System, logger);
        return upkeep.Run(isDryRun);
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser retry`: makes one failed or cancelled job ready again.</summary>
internal static class RetryCommand
{
    internal static SerCommand Create()
    {
        var job = new Argument<string>("JOB") { Description = "Id of the job, or the beginning of it." };
        var command = new SerCommand(
            "retry",
            "Retry one failed, cancelled or damaged job.",
            "ser retry 3fa9c1",
            "Make a job ready again that failed or was cancelled, or whose result is damaged. "
            + "A running ser process runs it; without one, ser resume does.")
        {
            job,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string id = parsed.GetValue(job)!;
            using var server = SchedulerOptions.Connect(parsed);
            int? ready = server is null
                ? DataFolder.Retry(CommandLine.DataFolder(parsed), id)
                : (await server.PostAsync<RetryResponse>($"api/jobs/{Uri.EscapeDataString(id)}/retry", stop)).Ready;
            string next = server is null ? "; run it with: ser resume SWEEP" : "";
            string? outcome = ready is { } count ? $"{Plural.Count(count, "job")} ready again{next}" : null;
            Output.WriteMessage(outcome ?? "asked the running process to retry it");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(new JsonObject { ["job"] = id, ["ready"] = ready, ["asked"] = ready is null });
            }

            return CommandLine.Done;
        });
        return command;
    }
}

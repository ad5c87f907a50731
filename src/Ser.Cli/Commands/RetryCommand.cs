using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser retry`: makes one failed or cancelled job ready again.</summary>
internal static class RetryCommand
{
    internal static Command Create()
    {
        var job = new Argument<string>("JOB") { Description = "Id of the job, or the beginning of it." };
        var command = new Command("retry", "Make a job ready again that failed or was cancelled, or whose result is damaged; a running ser process takes it up, otherwise ser resume does.") { job };
        command.SetAction(async (parsed, stop) =>
        {
            using var server = Target.Of(parsed);
            int? ready = server is null
                ? DataFolder.Retry(CommandLine.DataFolder(parsed), parsed.GetValue(job)!)
                : (await server.PostAsync<RetryAnswer>($"api/jobs/{Uri.EscapeDataString(parsed.GetValue(job)!)}/retry", stop)).Ready;
            Output.Say(ready is null ? "asked the running process to retry it" : $"{ready} jobs made ready{(server is null ? "; run them with: ser resume SWEEP" : "")}");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["job"] = parsed.GetValue(job), ["ready"] = ready, ["asked"] = ready is null });
            }

            return CommandLine.Done;
        });
        return command;
    }
}

using System.CommandLine;
using Ser.Hosting.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser retry`: makes one failed or cancelled job ready again.</summary>
internal static class RetryCommand
{
    internal static Command Create()
    {
        var job = new Argument<string>("JOB") { Description = "Id of the job, or the beginning of it." };
        var command = new Command("retry", "Make a failed or cancelled job ready again; a running ser process takes it up, otherwise ser resume does.") { job };
        command.SetAction(parsed =>
        {
            Output.Say(DataFolder.Retry(CommandLine.DataFolder(parsed), parsed.GetValue(job)!) is { } revived
                ? $"{revived} jobs made ready; run them with: ser resume SWEEP"
                : "asked the running process to retry it");
            return CommandLine.Done;
        });
        return command;
    }
}

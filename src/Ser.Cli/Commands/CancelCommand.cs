using System.CommandLine;
using Ser.Hosting.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser cancel`: stops what no other sweep wants.</summary>
internal static class CancelCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var command = new Command("cancel", "Stop a sweep: its jobs that no other sweep wants. Results and checkpoints stay; ser resume goes on.") { sweep };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(sweep)!;
            Output.Say(DataFolder.Cancel(CommandLine.DataFolder(parsed), name) is { } cancelled
                ? $"{name}: {cancelled} jobs cancelled"
                : $"{name}: asked the running process to cancel it");
            return CommandLine.Done;
        });
        return command;
    }
}

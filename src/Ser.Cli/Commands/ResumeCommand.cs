using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Reporting;

namespace Ser.Cli.Commands;

/// <summary>`ser resume`: runs what failed or was cut off, and only that.</summary>
internal static class ResumeCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var slots = RunCommand.Slots();
        var command = new Command("resume", "Run what failed, was cancelled or was cut off, from its last checkpoint, and only that.") { sweep, slots };
        command.SetAction(async (parsed, interrupt) =>
        {
            var (end, results) = await SweepRun.ResumeAsync(
                CommandLine.DataFolder(parsed), parsed.GetValue(sweep)!, parsed.GetValue(slots), "ser resume", interrupt);
            return Answer.Print(parsed, end, results, SweepReport.Of);
        });
        return command;
    }
}

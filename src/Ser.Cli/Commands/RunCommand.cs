using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Reporting;

namespace Ser.Cli.Commands;

/// <summary>`ser run`: plan, run with a live progress display, print the tables.</summary>
internal static class RunCommand
{
    internal static Option<int?> Slots()
    {
        var slots = new Option<int?>("--slots") { Description = "Jobs at a time. Default: cores divided by compute.threads." };
        CommandLine.Bound(slots, 1, 1024);
        return slots;
    }

    internal static Command Create()
    {
        var command = new Command("run", "Run an experiment on this machine: plan, run with live progress, print the tables. What is done already is not done again.");
        var experiment = new ExperimentArguments(command);
        var slots = Slots();
        command.Add(slots);
        command.SetAction(async (parsed, interrupt) =>
        {
            var (sweep, results) = await SweepRun.ExperimentAsync(
                experiment.Read(parsed), CommandLine.DataFolder(parsed), parsed.GetValue(slots), "ser run", interrupt);
            return Answer.Print(parsed, sweep, results, SweepReport.Of);
        });
        return command;
    }
}

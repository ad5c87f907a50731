using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Reporting;
using Ser.Server;
using Ser.Server.Hosts;

namespace Ser.Cli.Commands;

/// <summary>`ser run`: plan, run with a live progress display, print the tables.</summary>
internal static class RunCommand
{
    internal static Option<int?> SlotsOption()
    {
        var slots = new Option<int?>("--slots") { Description = "Jobs run in parallel. Default: cores divided by compute.threads." };
        CommandLine.SetRange(slots, 1, 1024);
        return slots;
    }

    internal static SerCommand Create()
    {
        var command = new SerCommand(
            "run",
            "Run an experiment here and print its tables.",
            "ser run experiments/iemocap.yaml --set corpus=iemocap:/data/IEMOCAP --slots 2",
            "Run an experiment on this machine: plan, run with live progress, print the tables. Finished work is reused.");
        var experiment = new ExperimentArguments(command);
        var slots = SlotsOption();
        command.Add(slots);
        command.SetAction(async parsed =>
        {
            string folder = CommandLine.DataFolder(parsed);
            var interrupts = Interrupts.From(parsed);
            int? parallel = parsed.GetValue(slots);
            var (sweep, results) = await SweepRun.RunExperimentAsync(experiment.Read(parsed), folder, parallel, "ser run", interrupts);
            return SweepOutcome.Print(parsed, sweep, results, SweepReport.CreateTables);
        });
        return command;
    }
}

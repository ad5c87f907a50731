using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Domain.Experiments;
using Ser.Reporting;
using Ser.Server;
using Ser.Server.Hosts;
using Ser.Storage.Experiments;

namespace Ser.Cli.Commands;

/// <summary>`ser demo`: the whole method on a synthetic corpus.</summary>
internal static class DemoCommand
{
    private const string SmallExperiment = "demo.yaml";
    private const string PaperExperiment = "paper-demo.yaml";

    internal static SerCommand Create()
    {
        var slots = RunCommand.SlotsOption();
        var paper = new Option<bool>("--paper")
        {
            Description = "Train every arm that the paper's tables and figures need, for `ser report paper-demo`: about twice as long.",
        };
        var command = new SerCommand(
            "demo",
            "Try the whole method on a small synthetic corpus.",
            "ser demo",
            "Run the whole method on a small corpus that ser synthesises itself, and print the paper's Table 3 for it.")
        {
            slots, paper,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            bool hasEveryArm = parsed.GetValue(paper);
            var experiment = await ReadExperimentAsync(hasEveryArm ? PaperExperiment : SmallExperiment, interrupt);
            string arms = hasEveryArm ? "every arm of the paper's tables" : "λ = 0 and λ = 0.1";
            Output.WriteMessage($"ser demo: ten synthetic speakers, four emotions; a tiny encoder is trained for {arms} over ten folds");
            string folder = CommandLine.DataFolder(parsed);
            var interrupts = Interrupts.From(parsed);
            string runner = hasEveryArm ? "ser demo --paper" : "ser demo";
            var (sweep, results) = await SweepRun.RunExperimentAsync(experiment, folder, parsed.GetValue(slots), runner, interrupts);
            int exitCode = SweepOutcome.Print(parsed, sweep, results, table => [PaperTable3.Create(table)]);
            Output.WriteMessage($"to see it in a browser: ser up --data {folder}");
            return exitCode;
        });
        return command;
    }

    private static async Task<Experiment> ReadExperimentAsync(string resource, CancellationToken interrupt)
    {
        using var text = new StreamReader(typeof(DemoCommand).Assembly.GetManifestResourceStream(resource)!);
        return ExperimentFile.Parse(await text.ReadToEndAsync(interrupt), resource, []);
    }
}

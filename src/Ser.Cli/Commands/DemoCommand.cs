using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Hosting.Experiments;
using Ser.Reporting;

namespace Ser.Cli.Commands;

/// <summary>`ser demo`: the whole method on a corpus that it synthesises itself.</summary>
internal static class DemoCommand
{
    private const string File = "demo.yaml";

    internal static Command Create()
    {
        var slots = RunCommand.Slots();
        var command = new Command("demo", "Run the whole method on a small corpus that ser synthesises itself, and print the paper's Table 3 for it.") { slots };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var text = new StreamReader(typeof(DemoCommand).Assembly.GetManifestResourceStream(File)!);
            var experiment = ExperimentFile.Parse(await text.ReadToEndAsync(interrupt), File, []);
            Output.Say("ser demo: ten synthetic speakers, four emotions; a tiny encoder is trained for λ = 0 and λ = 0.1 over ten folds");
            var (sweep, results) = await SweepRun.ExperimentAsync(experiment, CommandLine.DataFolder(parsed), parsed.GetValue(slots), "ser demo", interrupt);
            return Answer.Print(parsed, sweep, results, table => [PaperTable3.Of(table)]);
        });
        return command;
    }
}

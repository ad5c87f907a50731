using System.CommandLine;
using Ser.Cli.Sweeps;
using Ser.Domain.Experiments;
using Ser.Reporting;
using Ser.Storage.Experiments;

namespace Ser.Cli.Commands;

/// <summary>`ser demo`: the whole method on a corpus that it synthesises itself.</summary>
internal static class DemoCommand
{
    private const string Small = "demo.yaml";
    private const string Whole = "paper-demo.yaml";

    internal static Command Create()
    {
        var slots = RunCommand.Slots();
        var command = new Command("demo", "Run the whole method on a small corpus that ser synthesises itself, and print the paper's Table 3 for it.") { slots };
        var paper = new Option<bool>("--paper") { Description = "Every arm that the paper's tables and figures need, for `ser report paper-demo`: about twice as long." };
        command.Add(paper);
        command.SetAction(async (parsed, interrupt) =>
        {
            bool whole = parsed.GetValue(paper);
            string file = whole ? Whole : Small;
            using var text = new StreamReader(typeof(DemoCommand).Assembly.GetManifestResourceStream(file)!);
            var experiment = ExperimentFile.Parse(await text.ReadToEndAsync(interrupt), file, []);
            Output.Say($"ser demo: ten synthetic speakers, four emotions; a tiny encoder is trained for {(whole ? "every arm of the paper's tables" : "λ = 0 and λ = 0.1")} over ten folds");
            string folder = CommandLine.DataFolder(parsed);
            var (sweep, results) = await SweepRun.ExperimentAsync(experiment, folder, parsed.GetValue(slots), whole ? "ser demo --paper" : "ser demo", interrupt);
            int answer = Answer.Print(parsed, sweep, results, table => [PaperTable3.Of(table)]);
            Output.Say($"to look at it in a browser: ser up --data {folder}");
            return answer;
        });
        return command;
    }
}

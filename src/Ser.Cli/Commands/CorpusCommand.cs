using System.CommandLine;
using Ser.Corpora;
using Ser.Domain.Corpora;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser corpus show`: counts by speaker and class, durations, sample rates, problems file by file.</summary>
internal static class CorpusCommand
{
    internal static SerCommand Create()
    {
        var reference = new Argument<string>("KIND[:PATH]") { Description = "iemocap:PATH, emodb:PATH, csv:MANIFEST or synthetic." };
        var show = new SerCommand(
            "show",
            "Print counts, durations, sample rates and problems.",
            "ser corpus show emodb:/data/emodb",
            "Print counts by speaker and class, durations, sample rates, and problems, file by file. Exit code 2 where there is a problem.")
        {
            reference,
        };
        show.SetAction(parsed =>
        {
            var report = CorpusLoader.Load(CorpusKinds.Parse(parsed.GetValue(reference)!), classes: null, CommandLine.DataFolder(parsed));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(CorpusReportJson.ToNode(report));
            }
            else
            {
                Output.WriteText(CorpusReportText.Write(report));
            }

            return report.Problems.Count > 0 ? CommandLine.WrongInput : CommandLine.Done;
        });
        return new SerCommand(
            "corpus",
            "Inspect a corpus and find problems in it.",
            "ser corpus show emodb:/data/emodb",
            "Inspect a corpus.")
        {
            show,
        };
    }
}

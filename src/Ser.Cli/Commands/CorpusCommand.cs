using System.CommandLine;
using Ser.Corpora;
using Ser.Domain.Corpora;

namespace Ser.Cli.Commands;

/// <summary>`ser corpus show`: counts by speaker and class, durations, sample rates, problems file by file.</summary>
internal static class CorpusCommand
{
    internal static Command Create()
    {
        var reference = new Argument<string>("KIND[:PATH]") { Description = "iemocap:PATH, emodb:PATH, csv:MANIFEST or synthetic." };
        var show = new Command("show", "Print counts by speaker and class, durations, sample rates, and what is wrong, file by file.") { reference };
        show.SetAction(parsed =>
        {
            var report = CorpusLoader.Load(CorpusKinds.Parse(parsed.GetValue(reference)!), classes: null, CommandLine.DataFolder(parsed));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(CorpusReportJson.Of(report));
            }
            else
            {
                Output.Text(CorpusReportText.Of(report));
            }

            return report.Problems.Count > 0 ? CommandLine.WrongInput : CommandLine.Done;
        });
        return new Command("corpus", "Look at a corpus.") { show };
    }
}

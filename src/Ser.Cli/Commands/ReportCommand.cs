using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Reporting.Report;
using Ser.Results;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser report`: the paper's tables and figures of a sweep, ready to print.</summary>
internal static class ReportCommand
{
    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var output = new Option<string?>("--out") { Description = "Folder to write into. Default: SWEEP-report.", HelpName = "DIR" };
        var command = new SerCommand(
            "report",
            "Write the paper's tables and figures of a sweep.",
            "ser report iemocap --out iemocap-report",
            "Write the paper's tables and figures of a sweep: one HTML page that needs no network, Markdown, LaTeX, CSV, SVG and PNG.")
        {
            sweep, output,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            using var source = await SweepSourceFromCommandLine.OpenAsync(parsed, name, stop);
            string folder = Path.GetFullPath(parsed.GetValue(output) ?? $"{name}-report");
            var sections = Sections.Create(StoredReport.Read(source.Reads, source.Artifacts, name));
            ReportFolder.Write(folder, name, sections);
            if (!Figure.HasFont)
            {
                Output.WriteMessage("warning: this machine has no fonts, so the figures have no text: "
                    + "install one (apt-get install fonts-dejavu-core) and write the report again");
            }

            string page = Path.Combine(folder, ReportFolder.Page);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(new JsonObject { ["sweep"] = name, ["page"] = page });
            }
            else
            {
                Output.WriteText($"wrote {page}");
            }

            return CommandLine.Done;
        });
        return command;
    }
}

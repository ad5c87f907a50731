using System.Text;

namespace Ser.Reporting.Report;

/// <summary>A report as files: report.html, report.md, tables as CSV and LaTeX, figures as SVG and PNG. Written whole or not at all.</summary>
public static class ReportFolder
{
    /// <summary>Name of the page; a folder that has it may be written over.</summary>
    public const string Page = "report.html";

    /// <summary>Writes the report; an earlier one at <paramref name="folder"/> is replaced once the new one is whole.</summary>
    /// <exception cref="Ser.Domain.InputException">The folder holds something else.</exception>
    public static void Write(string folder, string sweep, IReadOnlyList<Section> sections)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, Page)) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new Ser.Domain.InputException($"{folder} is there already and is no report: give another --out");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string part = $"{full}.part-{Environment.ProcessId}", old = $"{full}.old-{Environment.ProcessId}";
        try
        {
            Files(part, sweep, sections);
            if (Directory.Exists(full))
            {
                Directory.Move(full, old);
            }

            Directory.Move(part, full);
        }
        finally
        {
            foreach (string left in ((string[])[part, old]).Where(Directory.Exists))
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }

    private static void Files(string folder, string sweep, IReadOnlyList<Section> sections)
    {
        Directory.CreateDirectory(Path.Combine(folder, "tables"));
        Directory.CreateDirectory(Path.Combine(folder, "figures"));
        File.WriteAllText(Path.Combine(folder, Page), ReportPage.Write(sweep, sections));
        File.WriteAllText(Path.Combine(folder, "report.md"), Markdown(sweep, sections));
        foreach (var (name, table) in sections.SelectMany(section => section.Tables))
        {
            File.WriteAllText(Path.Combine(folder, "tables", $"{name}.csv"), ResultsCsv.Write(table));
            File.WriteAllText(Path.Combine(folder, "tables", $"{name}.tex"), ResultsLatex.Write(table));
        }

        foreach (var figure in sections.SelectMany(section => section.Figures))
        {
            File.WriteAllText(Path.Combine(folder, "figures", $"{figure.Name}.svg"), figure.Svg);
            File.WriteAllBytes(Path.Combine(folder, "figures", $"{figure.Name}.png"), figure.Png());
        }
    }

    private static string Markdown(string sweep, IReadOnlyList<Section> sections)
    {
        var text = new StringBuilder($"# {sweep}\n");
        foreach (var section in sections)
        {
            text.Append($"\n## {section.Title}\n\n").AppendJoin("", section.Prose.Select(paragraph => paragraph + "\n\n"));
            text.AppendJoin("\n", section.Tables.Select(table => ResultsMarkdown.Write(table.Table)));
            text.AppendJoin("\n", section.Figures.Select(figure => $"![{figure.Name}](figures/{figure.Name}.svg)\n\n{figure.Caption}\n"));
        }

        return text.ToString();
    }
}

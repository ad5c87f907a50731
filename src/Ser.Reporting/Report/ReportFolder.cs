using System.Text;

namespace Ser.Reporting.Report;

/// <summary>
/// Writes a report as files: report.html, report.md, tables as CSV and LaTeX, figures as SVG and PNG. The folder is written completely or
/// not at all.
/// </summary>
public static class ReportFolder
{
    /// <summary>Name of the page. A folder that contains it may be overwritten.</summary>
    public const string Page = "report.html";

    /// <summary>Writes the report; an earlier one at <paramref name="folder"/> is replaced once the new one is complete.</summary>
    /// <exception cref="Ser.Domain.InputException">The folder holds something else.</exception>
    public static void Write(string folder, string sweep, IReadOnlyList<Section> sections)
    {
        bool isReport = File.Exists(Path.Combine(folder, Page));
        bool isEmpty = Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any();
        if (Path.Exists(folder) && !isReport && !isEmpty)
        {
            throw new Ser.Domain.InputException($"{folder} already exists and is not a report: give another --out");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string part = $"{full}.part-{Environment.ProcessId}";
        string old = $"{full}.old-{Environment.ProcessId}";
        try
        {
            WriteFiles(part, sweep, sections);
            if (Directory.Exists(full))
            {
                Directory.Move(full, old);
            }

            Directory.Move(part, full);
        }
        finally
        {
            foreach (string leftover in ((string[])[part, old]).Where(Directory.Exists))
            {
                Directory.Delete(leftover, recursive: true);
            }
        }
    }

    private static void WriteFiles(string folder, string sweep, IReadOnlyList<Section> sections)
    {
        Directory.CreateDirectory(Path.Combine(folder, "tables"));
        Directory.CreateDirectory(Path.Combine(folder, "figures"));
        File.WriteAllText(Path.Combine(folder, Page), ReportPage.Write(sweep, sections));
        File.WriteAllText(Path.Combine(folder, "report.md"), Markdown(sweep, sections));
        foreach (var (name, table) in sections.SelectMany(section => section.Tables))
        {
            File.WriteAllText(Path.Combine(folder, "tables", $"{name}.csv"), CsvTableWriter.Write(table));
            File.WriteAllText(Path.Combine(folder, "tables", $"{name}.tex"), LatexTableWriter.Write(table));
        }

        foreach (var figure in sections.SelectMany(section => section.Figures))
        {
            File.WriteAllText(Path.Combine(folder, "figures", $"{figure.Name}.svg"), figure.Svg);
            File.WriteAllBytes(Path.Combine(folder, "figures", $"{figure.Name}.png"), figure.ToPng());
        }
    }

    private static string Markdown(string sweep, IReadOnlyList<Section> sections)
    {
        var text = new StringBuilder($"# {sweep}\n");
        foreach (var section in sections)
        {
            text.Append($"\n## {section.Title}\n\n").AppendJoin("", section.Prose.Select(paragraph => paragraph + "\n\n"));
            text.AppendJoin("\n", section.Tables.Select(table => MarkdownTableWriter.Write(table.Table)));
            text.AppendJoin("\n", section.Figures.Select(figure => $"![{figure.Name}](figures/{figure.Name}.svg)\n\n{figure.Caption}\n"));
        }

        return text.ToString();
    }
}

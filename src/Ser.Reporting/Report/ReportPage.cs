using System.Net;
using System.Text;

namespace Ser.Reporting.Report;

/// <summary>The report as one HTML page that needs no network.</summary>
public static class ReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #d0d4da; --head: #f2f4f7; --dim: #57606a; }
        @media (prefers-color-scheme: dark) { :root { --line: #3a3f46; --head: #23272e; --dim: #a0a8b2; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
        nav a { margin-right: 1em; white-space: nowrap; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: .3rem 0; }
        th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; text-align: left; white-space: nowrap; }
        th { background: var(--head); } .n { text-align: right; }
        tr.heading td { font-weight: 600; background: var(--head); }
        .note, figcaption { color: var(--dim); font-size: .86rem; max-width: 60rem; white-space: pre-wrap; }
        figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; background: #fff; border-radius: 4px; } svg image { image-rendering: pixelated; }
        """;

    /// <summary>The page.</summary>
    public static string Write(string sweep, IReadOnlyList<Section> sections)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{Text(sweep)}: report of ser</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{Text(sweep)}</h1>\n<nav>")
            .AppendJoin("", sections.Select(section => $"<a href=\"#{section.Id}\">{Text(section.Title)}</a> ")).Append("</nav>\n");
        foreach (var section in sections)
        {
            page.Append($"<section id=\"{section.Id}\">\n<h2>{Text(section.Title)}</h2>\n");
            foreach (string paragraph in section.Prose)
            {
                page.Append($"<p>{Text(paragraph)}</p>\n");
            }

            foreach (var (_, table) in section.Tables)
            {
                Table(page, table);
            }

            foreach (var figure in section.Figures)
            {
                string svg = figure.Svg;
                page.Append($"<figure>\n{svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace("<svg ", $"<svg viewBox=\"0 0 {figure.Width} {figure.Height}\" role=\"img\" aria-label=\"{Text(figure.Name)}\" ")}\n<figcaption>{Text(figure.Caption)}</figcaption>\n</figure>\n");
            }

            page.Append("</section>\n");
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Table(StringBuilder page, Table table)
    {
        bool[] numbers = [.. table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null))];
        string Class(int c) => numbers[c] ? " class=\"n\"" : "";
        page.Append($"<div class=\"wide\"><table>\n<caption>{Text(table.Title)}</caption>\n<thead><tr>")
            .AppendJoin("", table.Columns.Select((column, c) => $"<th scope=\"col\"{Class(c)}>{Text(column)}</th>")).Append("</tr></thead>\n<tbody>\n");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            if (table.Headings.TryGetValue(r, out string? heading))
            {
                page.Append($"<tr class=\"heading\"><td colspan=\"{table.Columns.Count}\">{Text(heading)}</td></tr>\n");
            }

            page.Append("<tr>").AppendJoin("", table.Rows[r].Select((cell, c) => $"<td{Class(c)}>{Text(cell.Text)}</td>")).Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
        foreach (string note in table.Notes)
        {
            page.Append($"<p class=\"note\">{Text(note)}</p>\n");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

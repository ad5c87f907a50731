using System.Net;
using System.Text;

namespace Ser.Reporting.Report;

/// <summary>Writes a report as one self-contained HTML page that loads nothing from the network.</summary>
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
        figure { margin: 1rem 0; }
        /* The colours of figures are chosen for a white background, in dark mode too. */
        figure svg { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
        svg image { image-rendering: pixelated; }
        """;

    /// <summary>The page.</summary>
    public static string Write(string sweep, IReadOnlyList<Section> sections)
    {
        var page = new StringBuilder();
        var links = sections.Select(section => $"<a href=\"#{section.Id}\">{Text(section.Title)}</a> ");
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{Text(sweep)}: report of ser</title>\n<style>\n{Style}\n</style>\n</head>\n")
            .Append($"<body>\n<main>\n<h1>{Text(sweep)}</h1>\n<nav>").AppendJoin("", links).Append("</nav>\n");
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
                page.Append($"<figure>\n{InlineSvg(figure)}\n<figcaption>{Text(figure.Caption)}</figcaption>\n</figure>\n");
            }

            page.Append("</section>\n");
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    // The figure's SVG element without the XML declaration, with a view box so that it scales with the page.
    private static string InlineSvg(Figure figure)
    {
        string svg = figure.Svg;
        string element = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        string attributes = $"viewBox=\"0 0 {figure.Width} {figure.Height}\" role=\"img\" aria-label=\"{Text(figure.Name)}\"";
        return element.Replace("<svg ", $"<svg {attributes} ");
    }

    private static void Table(StringBuilder page, Table table)
    {
        bool[] isNumeric = [.. table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null))];
        string Class(int c) => isNumeric[c] ? " class=\"n\"" : "";
        string Header(string column, int c) => $"<th scope=\"col\"{Class(c)}>{Text(column)}</th>";
        string Data(Cell cell, int c) => $"<td{Class(c)}>{Text(cell.Text)}</td>";
        page.Append($"<div class=\"wide\"><table>\n<caption>{Text(table.Title)}</caption>\n<thead><tr>")
            .AppendJoin("", table.Columns.Select(Header)).Append("</tr></thead>\n<tbody>\n");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            if (table.Headings.TryGetValue(r, out string? heading))
            {
                page.Append($"<tr class=\"heading\"><td colspan=\"{table.Columns.Count}\">{Text(heading)}</td></tr>\n");
            }

            page.Append("<tr>").AppendJoin("", table.Rows[r].Select(Data)).Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
        foreach (string note in table.Notes)
        {
            page.Append($"<p class=\"note\">{Text(note)}</p>\n");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

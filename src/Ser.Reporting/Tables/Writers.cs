using System.Globalization;
using System.Text;

namespace Ser.Reporting;

/// <summary>Plain text for a terminal.</summary>
public static class ResultsTable
{
    /// <summary>Several tables, one below the other.</summary>
    public static string Write(IEnumerable<Table> tables) => string.Join('\n', tables.Select(Write));

    /// <summary>Headline, aligned columns, notes.</summary>
    public static string Write(Table table)
    {
        int[] widths = [.. table.Columns.Select((column, c) => table.Rows.Select(row => row[c].Text.Length).Append(column.Length).Max())];
        bool[] numbers = [.. table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null))];
        var text = new StringBuilder().Append(table.Title).Append("\n\n");
        Line(table.Columns);
        Line([.. widths.Select(width => new string('-', width))]);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            if (table.Headings.TryGetValue(row, out string? heading))
            {
                text.Append(heading).Append('\n');
            }

            Line([.. table.Rows[row].Select(cell => cell.Text)]);
        }

        foreach (string note in table.Notes)
        {
            text.Append('\n').Append(note);
        }

        return text.Append(table.Notes.Count > 0 ? "\n" : "").ToString();

        void Line(IReadOnlyList<string> cells) => text
            .Append(table.Headings.Count > 0 ? "  " : "").Append(string.Join("  ", cells.Select((cell, c) => numbers[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd()).Append('\n');
    }
}

/// <summary>Comma-separated values: numbers in full, text that a spreadsheet would take for a formula made harmless.</summary>
public static class ResultsCsv
{
    /// <summary>Heads and rows; no notes.</summary>
    public static string Write(Table table) => string.Concat(table.Rows.Select(Line).Prepend(Line([.. table.Columns.Select(column => new Cell(column))])));

    /// <summary>One line of a table that is too long to be held.</summary>
    public static string Line(IReadOnlyList<Cell> row) =>
        string.Join(',', row.Select(cell => cell.Value is { } value ? value.ToString("R", CultureInfo.InvariantCulture) : cell == Cell.None ? "" : Text(cell.Text))) + "\r\n";

    private static string Text(string text)
    {
        // A cell beginning so is run as a formula by spreadsheets.
        string safe = text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe;
    }
}

/// <summary>A Markdown table.</summary>
public static class ResultsMarkdown
{
    /// <summary>Several tables, one below the other.</summary>
    public static string Write(IEnumerable<Table> tables) => string.Join('\n', tables.Select(Write));

    /// <summary>Headline, table, notes.</summary>
    public static string Write(Table table)
    {
        var text = new StringBuilder($"## {Text(table.Title)}\n\n");
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(Text)).Append(" |\n|").Append(string.Concat(table.Columns.Select(_ => " --- |"))).Append('\n');
        for (int row = 0; row < table.Rows.Count; row++)
        {
            if (table.Headings.TryGetValue(row, out string? heading))
            {
                text.Append($"| **{Text(heading)}** |").Append(string.Concat(Enumerable.Repeat(" |", table.Columns.Count - 1))).Append('\n');
            }

            text.Append("| ").AppendJoin(" | ", table.Rows[row].Select(cell => Text(cell.Text))).Append(" |\n");
        }

        foreach (string note in table.Notes)
        {
            text.Append('\n').Append(Text(note)).Append('\n');
        }

        return text.ToString();
    }

    private static string Text(string text) => text.Replace("\\", "\\\\").Replace("|", "\\|").Replace("<", "&lt;").Replace('\n', ' ');
}

/// <summary>A LaTeX tabular.</summary>
public static class ResultsLatex
{
    /// <summary>Several tables, one below the other.</summary>
    public static string Write(IEnumerable<Table> tables) => string.Join('\n', tables.Select(Write));

    /// <summary>A table environment with the headline as caption, rules of the package booktabs, and notes as comments.</summary>
    public static string Write(Table table)
    {
        var text = new StringBuilder("\\begin{table}\n\\centering\n");
        text.Append($"\\caption{{{Text(table.Title)}}}\n\\begin{{tabular}}{{{string.Concat(table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null) ? 'r' : 'l'))}}}\n\\toprule\n");
        text.AppendJoin(" & ", table.Columns.Select(Text)).Append(" \\\\\n\\midrule\n");
        for (int row = 0; row < table.Rows.Count; row++)
        {
            if (table.Headings.TryGetValue(row, out string? heading))
            {
                text.Append($"\\multicolumn{{{table.Columns.Count}}}{{l}}{{\\textit{{{Text(heading)}}}}} \\\\\n");
            }

            text.AppendJoin(" & ", table.Rows[row].Select(cell => Text(cell.Text))).Append(" \\\\\n");
        }

        text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n");
        foreach (string note in table.Notes)
        {
            text.Append("% ").Append(note.Replace('\n', ' ').Replace('\r', ' ')).Append('\n');
        }

        return text.ToString();
    }

    private static string Text(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' => "\\textbackslash{}",
        '&' or '%' or '$' or '#' or '_' or '{' or '}' => "\\" + c,
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        'λ' => "$\\lambda$",
        'α' => "$\\alpha$",
        'Δ' => "$\\Delta$",
        '→' => "$\\to$",
        '±' => "$\\pm$",
        '–' => "--",
        '\n' or '\r' => " ",
        _ => c.ToString(),
    }));
}

using System.Globalization;
using System.Text;

namespace Ser.Reporting;

/// <summary>Writes tables as plain text for a terminal.</summary>
public static class TextTableWriter
{
    /// <summary>Several tables, one below the other.</summary>
    public static string Write(IEnumerable<Table> tables) => string.Join('\n', tables.Select(Write));

    /// <summary>Title, aligned columns and notes.</summary>
    public static string Write(Table table)
    {
        int Width(string column, int c) => table.Rows.Select(row => row[c].Text.Length).Append(column.Length).Max();
        int[] widths = [.. table.Columns.Select(Width)];
        bool[] isNumeric = [.. table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null))];
        string indent = table.Headings.Count > 0 ? "  " : "";
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

        void Line(IReadOnlyList<string> cells)
        {
            var aligned = cells.Select((cell, c) => isNumeric[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            text.Append(indent).Append(string.Join("  ", aligned).TrimEnd()).Append('\n');
        }
    }
}

/// <summary>
/// Writes tables as comma-separated values. Numbers have full precision; text that spreadsheets would run as a formula is escaped.
/// </summary>
public static class CsvTableWriter
{
    /// <summary>Column names and rows, without notes.</summary>
    public static string Write(Table table)
    {
        string header = WriteLine([.. table.Columns.Select(column => new Cell(column))]);
        return header + string.Concat(table.Rows.Select(WriteLine));
    }

    /// <summary>One line, for tables that are too large to hold in memory.</summary>
    public static string WriteLine(IReadOnlyList<Cell> row) => string.Join(',', row.Select(Value)) + "\r\n";

    private static string Value(Cell cell) => cell switch
    {
        { Value: { } number } => number.ToString("R", CultureInfo.InvariantCulture),
        _ when cell == Cell.None => "",
        _ => Text(cell.Text),
    };

    private static string Text(string text)
    {
        // Spreadsheets run a cell that begins with one of these characters as a formula.
        string safe = text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe;
    }
}

/// <summary>Writes tables as Markdown.</summary>
public static class MarkdownTableWriter
{
    /// <summary>Several tables, one below the other.</summary>
    public static string Write(IEnumerable<Table> tables) => string.Join('\n', tables.Select(Write));

    /// <summary>Title, table and notes.</summary>
    public static string Write(Table table)
    {
        var text = new StringBuilder($"## {Text(table.Title)}\n\n");
        string rule = string.Concat(table.Columns.Select(_ => " --- |"));
        string emptyCells = string.Concat(Enumerable.Repeat(" |", table.Columns.Count - 1));
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(Text)).Append(" |\n|").Append(rule).Append('\n');
        for (int row = 0; row < table.Rows.Count; row++)
        {
            if (table.Headings.TryGetValue(row, out string? heading))
            {
                text.Append($"| **{Text(heading)}** |").Append(emptyCells).Append('\n');
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

/// <summary>Writes tables as LaTeX.</summary>
public static class LatexTableWriter
{
    /// <summary>Several tables, one below the other.</summary>
    public static string Write(IEnumerable<Table> tables) => string.Join('\n', tables.Select(Write));

    /// <summary>A table environment with the title as caption, rules of the package booktabs, and notes as comments.</summary>
    public static string Write(Table table)
    {
        var text = new StringBuilder("\\begin{table}\n\\centering\n");
        char Alignment(int column) => table.Rows.Any(row => row[column].Value is not null) ? 'r' : 'l';
        string alignments = string.Concat(table.Columns.Select((_, c) => Alignment(c)));
        text.Append($"\\caption{{{Text(table.Title)}}}\n\\begin{{tabular}}{{{alignments}}}\n\\toprule\n");
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

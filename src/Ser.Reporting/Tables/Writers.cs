using System.Globalization;
using System.Text;

namespace Ser.Reporting;

/// <summary>Plain text for a terminal.</summary>
public static class ResultsTable
{
    /// <summary>Headline, aligned columns, notes.</summary>
    public static string Write(Table table)
    {
        int[] widths = [.. table.Columns.Select((column, c) => table.Rows.Select(row => row[c].Text.Length).Append(column.Length).Max())];
        bool[] numbers = [.. table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null))];
        var text = new StringBuilder().Append(table.Title).Append("\n\n");
        Line(table.Columns);
        Line([.. widths.Select(width => new string('-', width))]);
        foreach (var row in table.Rows)
        {
            Line([.. row.Select(cell => cell.Text)]);
        }

        foreach (string note in table.Notes)
        {
            text.Append('\n').Append(note);
        }

        return text.Append(table.Notes.Count > 0 ? "\n" : "").ToString();

        void Line(IReadOnlyList<string> cells) => text
            .Append(string.Join("  ", cells.Select((cell, c) => numbers[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd()).Append('\n');
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
    /// <summary>Headline, table, notes.</summary>
    public static string Write(Table table)
    {
        var text = new StringBuilder($"## {Text(table.Title)}\n\n");
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(Text)).Append(" |\n|").Append(string.Concat(table.Columns.Select(_ => " --- |"))).Append('\n');
        foreach (var row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(cell => Text(cell.Text))).Append(" |\n");
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
    /// <summary>A table environment with the headline as caption, and notes as comments.</summary>
    public static string Write(Table table)
    {
        var text = new StringBuilder("\\begin{table}\n\\centering\n");
        text.Append($"\\caption{{{Text(table.Title)}}}\n\\begin{{tabular}}{{{string.Concat(table.Columns.Select((_, c) => table.Rows.Any(row => row[c].Value is not null) ? 'r' : 'l'))}}}\n\\hline\n");
        text.AppendJoin(" & ", table.Columns.Select(Text)).Append(" \\\\\n\\hline\n");
        foreach (var row in table.Rows)
        {
            text.AppendJoin(" & ", row.Select(cell => Text(cell.Text))).Append(" \\\\\n");
        }

        text.Append("\\hline\n\\end{tabular}\n\\end{table}\n");
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
        '±' => "$\\pm$",
        '–' => "--",
        '\n' or '\r' => " ",
        _ => c.ToString(),
    }));
}

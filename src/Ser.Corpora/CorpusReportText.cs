using System.Globalization;
using System.Text;

namespace Ser.Corpora;

/// <summary>The text that `ser corpus show` prints.</summary>
public static class CorpusReportText
{
    private const int MaximumProblems = 50;

    /// <summary>Counts by speaker and class, lengths, sample rates and problems file by file. The text ends with a newline.</summary>
    public static string Write(CorpusReport report)
    {
        var text = new StringBuilder();
        string counts = $"{report.Utterances.Count} utterances of {report.Speakers.Count} speakers";
        text.Append(CultureInfo.InvariantCulture, $"{report.Kind} in {report.Path}: {counts}\n");
        if (report.Utterances.Count > 0)
        {
            Table(text, report);
            Lengths(text, report);
        }

        if (report.LeftOut.Count > 0)
        {
            text.Append("left out: ").AppendJoin(", ", report.LeftOut.Select(pair => $"{pair.Key} {pair.Value}")).Append('\n');
        }

        foreach (string warning in report.Warnings)
        {
            text.Append("warning: ").Append(warning).Append('\n');
        }

        text.Append(report.Corpus is { } corpus ? $"digest {corpus.Digest}\n" : WriteProblems(report));
        return text.ToString();
    }

    /// <summary>The problems alone, a line each, at most fifty of them; empty where there are none.</summary>
    public static string WriteProblems(CorpusReport report)
    {
        if (report.Problems.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        int count = report.Problems.Count;
        string remedy = count == 1 ? "problem; fix it before running an experiment" : "problems; fix them before running an experiment";
        text.Append(CultureInfo.InvariantCulture, $"{count} {remedy}:\n");
        foreach (var problem in report.Problems.Take(MaximumProblems))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {problem.Path}: {problem.What}; {problem.Cure}\n");
        }

        if (count > MaximumProblems)
        {
            text.Append(CultureInfo.InvariantCulture, $"  and {count - MaximumProblems} more (--json lists all)\n");
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, CorpusReport report)
    {
        List<string[]> rows = [["speaker", "session", .. report.Classes, "all"]];
        foreach (var speaker in report.Speakers)
        {
            rows.Add([speaker.Name, speaker.Session ?? "-", .. speaker.Counts.Select(Text), Text(speaker.Counts.Sum())]);
        }

        var classTotals = report.Classes.Select((_, c) => report.Speakers.Sum(speaker => speaker.Counts[c]));
        rows.Add(["all", "", .. classTotals.Select(Text), Text(report.Utterances.Count)]);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append("  ").AppendJoin("  ", cells).Append('\n');
        }
    }

    private static void Lengths(StringBuilder text, CorpusReport report)
    {
        var d = report.Durations;
        var culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"lengths: {d.Total / 3600:0.00} h in total; {d.Shortest:0.00} s to {d.Longest:0.00} s, ");
        text.Append(culture, $"median {d.Median:0.00} s, mean {d.Mean:0.00} s; ");
        text.Append(culture, $"{100 * d.ShareCut:0.0} % are cut at {Durations.PaperLimit} s\n");
        var rates = CorpusReportJson.UtterancesBySampleRate(report).Select(rate => $"{rate.Key} Hz ({rate.Value})");
        var channels = report.Channels.Select(pair => $"{pair.Key} ({pair.Value})");
        text.Append("sample rates: ").AppendJoin(", ", rates).Append("; ");
        text.Append("channels: ").AppendJoin(", ", channels).Append('\n');
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

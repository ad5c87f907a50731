using System.Globalization;
using System.Text;

namespace Ser.Corpora;

/// <summary>What `ser corpus show` prints for people.</summary>
public static class CorpusReportText
{
    private const int MostProblems = 50;

    /// <summary>Counts by speaker and class, lengths, sample rates, problems file by file. Ends with a line end.</summary>
    public static string Of(CorpusReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Kind} in {report.Path}: {report.Utterances.Count} utterances of {report.Speakers.Count} speakers\n");
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

        text.Append(report.Corpus is { } corpus ? $"digest {corpus.Digest}\n" : Problems(report));
        return text.ToString();
    }

    /// <summary>The problems alone, a line each, the first fifty of them; empty where there are none.</summary>
    public static string Problems(CorpusReport report)
    {
        if (report.Problems.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Problems.Count} {(report.Problems.Count == 1 ? "problem" : "problems")}; nothing is run until the corpus is right:\n");
        foreach (var problem in report.Problems.Take(MostProblems))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {problem.Path}: {problem.What}; {problem.Cure}\n");
        }

        return report.Problems.Count <= MostProblems ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"  and {report.Problems.Count - MostProblems} more (--json lists all)\n").ToString();
    }

    private static void Table(StringBuilder text, CorpusReport report)
    {
        List<string[]> rows = [["speaker", "session", .. report.Classes, "all"]];
        rows.AddRange(report.Speakers.Select(speaker => (string[])[speaker.Name, speaker.Session ?? "-", .. speaker.Counts.Select(Text), Text(speaker.Counts.Sum())]));
        rows.Add(["all", "", .. report.Classes.Select((_, c) => Text(report.Speakers.Sum(speaker => speaker.Counts[c]))), Text(report.Utterances.Count)]);
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
        text.Append(
            CultureInfo.InvariantCulture,
            $"lengths: {d.Total / 3600:0.00} h in all; {d.Shortest:0.00} s to {d.Longest:0.00} s, median {d.Median:0.00} s, mean {d.Mean:0.00} s; {100 * d.ShareCut:0.0} % are cut at {Durations.Kept} s\n");
        text.Append("sample rates: ").AppendJoin(", ", CorpusReportJson.Rates(report).Select(rate => $"{rate.Hertz} Hz ({rate.Count})")).Append("; ");
        text.Append("channels: ").AppendJoin(", ", report.Channels.Select(pair => $"{pair.Key} ({pair.Value})")).Append('\n');
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

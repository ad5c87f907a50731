using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of comparisons by question. Of each question only the first ones, in the order of the grid, are shown.</summary>
public static class ComparisonsTable
{
    private const int MaximumPerQuestion = 12;

    private static readonly Dictionary<string, string> Headings = new()
    {
        [ComparisonQuestions.Neighbours] = "neighbours, chosen on pooled validation",
        [ComparisonQuestions.Lambda] = "λ",
        [ComparisonQuestions.Augmentation] = "augmentation",
        [ComparisonQuestions.Profile] = "profile",
        [ComparisonQuestions.Encoder] = "encoder",
        [ComparisonQuestions.Baseline] = "classical baseline as floor",
    };

    /// <summary>The table; null where there are no comparisons.</summary>
    public static Table? Create(SweepResults results)
    {
        var rows = results.RowsByName();
        var wording = new RowDescriptions(results);
        var groups = results.Comparisons.GroupBy(comparison => comparison.Question).ToList();
        var cells = new List<IReadOnlyList<Cell>>();
        var headings = new Dictionary<int, string>();
        foreach (var group in groups)
        {
            int more = group.Count() - MaximumPerQuestion;
            headings[cells.Count] = Headings[group.Key] + (more > 0 ? $" ({more} more in --format json)" : "");
            cells.AddRange(group.Take(MaximumPerQuestion).Select(c => Cells(c, Name(c.Question, rows[c.A], rows[c.B], wording))));
        }

        return cells.Count == 0 ? null : new Table(
            $"{results.Sweep}: comparisons, second minus first, B − A",
            ["", "ΔUA", "95 %", "McNemar", "Wilcoxon", ""], cells,
            [
                "ΔUA: points of pooled UA. 95 %: 95 % CI of ΔUA, from resampled speakers.",
                "McNemar: p over utterances (none for means over seeds). Wilcoxon: p over folds.",
            ])
        {
            Headings = headings,
        };
    }

    private static IReadOnlyList<Cell> Cells(Comparison c, string name) =>
    [
        new(name), Cell.Points(c.DeltaUa), Cell.Interval(c.Low, c.High), Cell.PValue(c.Mcnemar), Cell.PValue(c.Wilcoxon),
        new(c.InsideNoise ? "not significant" : ""),
    ];

    // For example "mixed: λ=0 → λ=0.1, model". The inference is given for each side where the two differ in it.
    private static string Name(string question, ResultRow a, ResultRow b, RowDescriptions wording)
    {
        bool sameInference = wording.DescribeInference(a) == wording.DescribeInference(b);
        string context = question == ComparisonQuestions.Baseline ? "" : wording.DescribeArm(b, question);
        string prefix = context.Length > 0 ? $"{context}: " : "";
        string suffix = sameInference ? $", {wording.DescribeInference(b)}" : "";
        return $"{prefix}{Side(a)} → {Side(b)}{suffix}";

        string Side(ResultRow row)
        {
            string[] parts = [wording.DescribeSetting(row, question), sameInference ? "" : wording.DescribeInference(row)];
            return string.Join(' ', parts.Where(part => part.Length > 0));
        }
    }
}

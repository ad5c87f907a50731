using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>Comparisons by question; a bounded number of each, the first of the grid.</summary>
public static class ComparisonsTable
{
    private const int MostOfAQuestion = 12;

    private static readonly Dictionary<string, string> Asked = new()
    {
        [Questions.Neighbours] = "neighbours, chosen on pooled validation",
        [Questions.Lambda] = "λ",
        [Questions.Augmentation] = "augmentation",
        [Questions.Profile] = "profile",
        [Questions.Encoder] = "encoder",
        [Questions.Baseline] = "the classical baseline, a floor",
    };

    /// <summary>Lays them out; null where there are none.</summary>
    public static Table? Of(SweepResults results)
    {
        var rows = results.RowsByName();
        var wording = new Wording(results);
        var groups = results.Comparisons.GroupBy(comparison => comparison.Question).ToList();
        var cells = new List<IReadOnlyList<Cell>>();
        var headings = new Dictionary<int, string>();
        foreach (var group in groups)
        {
            int more = group.Count() - MostOfAQuestion;
            headings[cells.Count] = Asked[group.Key] + (more > 0 ? $" ({more} more in --format json)" : "");
            cells.AddRange(group.Take(MostOfAQuestion).Select(c => Cells(c, Name(c.Question, rows[c.A], rows[c.B], wording))));
        }

        return cells.Count == 0 ? null : new Table(
            $"{results.Sweep}: comparisons, second less first",
            ["", "ΔUA", "95 %", "McNemar", "Wilcoxon", ""], cells,
            ["Points of pooled UA, 95 % interval over speakers; p of McNemar (utterances; none over seeds) and Wilcoxon (folds)."])
        {
            Headings = headings,
        };
    }

    private static IReadOnlyList<Cell> Cells(Comparison c, string name) =>
    [
        new(name), Cell.Points(c.DeltaUa), Cell.Interval(c.Low, c.High), Cell.P(c.Mcnemar), Cell.P(c.Wilcoxon), new(c.InsideNoise ? "inside the noise" : ""),
    ];

    // mixed: λ=0 → λ=0.1, model. The inference stands beside the setting where the two differ in both.
    private static string Name(string question, ResultRow a, ResultRow b, Wording wording)
    {
        bool same = wording.Inference(a) == wording.Inference(b);
        string context = question == Questions.Baseline ? "" : wording.Settings(b, question);
        return $"{context}{(context.Length > 0 ? ": " : "")}{Side(a)} → {Side(b)}{(same ? ", " + wording.Inference(b) : "")}";

        string Side(ResultRow row) => string.Join(' ', ((string[])[wording.Setting(row, question), same ? "" : wording.Inference(row)]).Where(part => part.Length > 0));
    }
}

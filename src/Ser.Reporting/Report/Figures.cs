namespace Ser.Reporting.Report;

/// <summary>The figures of a report by name.</summary>
public static class Figures
{
    private static readonly Dictionary<string, Func<ReportInput, Figure?>> ByName = new()
    {
        ["figure3"] = input => ConfusionFigure.Draw(input.Results),
        ["figure4"] = input => EmbeddingFigure.Draw(input, PaperStages.FromResults(input.Results).Augmentation),
        ["surface"] = SurfaceFigure.Draw,
        ["curves"] = CurvesFigure.Draw,
    };

    /// <summary>Names of the figures, which are also the names of a report's files.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The figure of a name; null where the sweep has no data for it.</summary>
    /// <exception cref="Ser.Domain.InputException">There is no such figure.</exception>
    public static Figure? Draw(ReportInput input, string name) => ByName.TryGetValue(name, out var draw)
        ? draw(input)
        : throw new Ser.Domain.InputException($"there is no figure {name}: the figures are {string.Join(", ", Names)}");
}

namespace Ser.Reporting.Report;

/// <summary>Figures one by one.</summary>
public static class Figures
{
    private static readonly Dictionary<string, Func<ReportInput, Figure?>> ByName = new()
    {
        ["figure3"] = input => ConfusionFigure.Of(input.Results),
        ["figure4"] = input => EmbeddingFigure.Of(input, PaperStages.Of(input.Results).Augmentation),
        ["surface"] = SurfaceFigure.Of,
        ["curves"] = CurvesFigure.Of,
    };

    /// <summary>Names of the figures, which are those of a report's files.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>A figure by its name; null where the sweep has nothing for it.</summary>
    /// <exception cref="Ser.Domain.InputException">No such figure.</exception>
    public static Figure? Of(ReportInput input, string name) => ByName.TryGetValue(name, out var draw)
        ? draw(input)
        : throw new Ser.Domain.InputException($"there is no figure {name}: there are {string.Join(", ", Names)}");
}

using Ser.Domain.Experiments;

namespace Ser.Reporting;

/// <summary>A table or figure of the paper and the arms that it shows.</summary>
public sealed record PaperArms(string Name, IReadOnlyList<Arm> Arms);

/// <summary>
/// Finds the arms that each of the paper's tables and figures needs: those that <see cref="PaperStages"/> and <see cref="PaperTables"/>
/// show once they are finished.
/// </summary>
public static class PaperRequirements
{
    /// <summary>Name of the group of arms that no table or figure shows.</summary>
    public const string NotInPaper = "no table";

    /// <summary>The arms of an experiment by table and figure. Those without arms are left out.</summary>
    /// <param name="experiment">The experiment.</param>
    public static IReadOnlyList<PaperArms> Find(Experiment experiment)
    {
        var arms = experiment.Arms();
        var encoders = arms.Where(arm => !experiment.EncoderOf(arm).IsBaseline);
        var stages = encoders
            .GroupBy(arm => arm with { Lambda = 0, Seed = 0 })
            .OrderByDescending(NumberOfPaperLambdas)
            .ThenByDescending(group => group.Key.Augmentation == "mixed")
            .FirstOrDefault();
        if (stages is null)
        {
            return [new(NotInPaper, arms)];
        }

        Arm[] shown = [.. stages.Where(HasPaperLambda)];
        Arm[] second = [.. shown.Where(arm => arm.Lambda == PaperStages.PaperLambda)];
        Arm WithoutAugmentation(Arm arm) => arm with { Seed = 0, Augmentation = stages.Key.Augmentation, Lambda = 0 };
        Arm[] augmentations = [.. arms.Where(arm => arm.Lambda == PaperStages.PaperLambda && WithoutAugmentation(arm) == stages.Key)];
        bool hasFigure4 = experiment.Projection.Methods.Contains(ProjectionSettings.Tsne);
        PaperArms[] needs =
        [
            new("Table 1", shown),
            new("Table 2", augmentations),
            new("Table 3", shown),
            new("Table 4", second),
            new("Figure 3", shown),
            .. hasFigure4 ? [new PaperArms("Figure 4", shown)] : (PaperArms[])[],
        ];
        var others = arms.Except(needs.SelectMany(need => need.Arms));
        return [.. needs.Append(new(NotInPaper, [.. others])).Where(need => need.Arms.Count > 0)];
    }

    private static bool HasPaperLambda(Arm arm) => arm.Lambda is 0 or PaperStages.PaperLambda;

    private static int NumberOfPaperLambdas(IEnumerable<Arm> arms) =>
        arms.Where(HasPaperLambda).Select(arm => arm.Lambda).Distinct().Count();
}

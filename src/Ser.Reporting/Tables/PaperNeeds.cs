using Ser.Domain.Experiments;

namespace Ser.Reporting;

/// <summary>A table or figure of the paper and the arms that it is made of.</summary>
public sealed record PaperNeed(string Name, IReadOnlyList<Arm> Arms);

/// <summary>Which arms each of the paper's tables and figures needs: those that <see cref="PaperStages"/> and <see cref="PaperTables"/> show once they are there.</summary>
public static class PaperNeeds
{
    /// <summary>Name of what no table or figure shows: arms of their own.</summary>
    public const string Others = "no table";

    /// <summary>Of the arms of an experiment. What it has no arms for is left out.</summary>
    /// <param name="experiment">The experiment.</param>
    public static IReadOnlyList<PaperNeed> Of(Experiment experiment)
    {
        var arms = experiment.Arms();
        var stages = arms.Where(arm => !experiment.EncoderOf(arm).IsBaseline)
            .GroupBy(arm => arm with { Lambda = 0, Seed = 0 })
            .OrderByDescending(group => group.Select(arm => arm.Lambda).Where(lambda => lambda is 0 or PaperStages.Lambda).Distinct().Count())
            .ThenByDescending(group => group.Key.Augmentation == "mixed").FirstOrDefault();
        if (stages is null)
        {
            return [new(Others, arms)];
        }

        Arm[] shown = [.. stages.Where(arm => arm.Lambda is 0 or PaperStages.Lambda)];
        Arm[] second = [.. shown.Where(arm => arm.Lambda == PaperStages.Lambda)];
        Arm[] augmentations = [.. arms.Where(arm => arm.Lambda == PaperStages.Lambda && arm with { Seed = 0, Augmentation = stages.Key.Augmentation, Lambda = 0 } == stages.Key)];
        PaperNeed[] needs =
        [
            new("Table 1", shown), new("Table 2", augmentations), new("Table 3", shown), new("Table 4", second), new("Figure 3", shown),
            .. experiment.Projection.Methods.Contains(ProjectionSettings.Tsne) ? [new PaperNeed("Figure 4", shown)] : (PaperNeed[])[],
        ];
        return [.. needs.Append(new(Others, [.. arms.Except(needs.SelectMany(need => need.Arms))])).Where(need => need.Arms.Count > 0)];
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Selection;
using Ser.Reporting.Reproduction;
using Ser.Stages;

namespace Ser.Cli.Reproduction;

/// <summary>A difference between the recorded environment and the present one.</summary>
/// <param name="Stage">Stage that it concerns.</param>
/// <param name="What">Name of the fact.</param>
/// <param name="Recorded">As recorded; null where it was not.</param>
/// <param name="Now">The present value; null where there is none.</param>
internal sealed record EnvironmentDifference(string Stage, string What, string? Recorded, string? Now);

/// <summary>A file of a stage, and whether its SHA-256 is the recorded one.</summary>
internal sealed record ReproducedFile(string Stage, string Name, bool Same);

/// <summary>A recorded fold compared with the same fold run again.</summary>
/// <param name="Fold">The recorded fold.</param>
/// <param name="Comparison">The comparison number by number.</param>
/// <param name="Files">Every file of every stage.</param>
/// <param name="EnvironmentDifferences">What differs in the environment.</param>
internal sealed record ReproductionReport(
    RecordedFold Fold,
    FoldComparison Comparison,
    IReadOnlyList<ReproducedFile> Files,
    IReadOnlyList<EnvironmentDifference> EnvironmentDifferences)
{
    internal static ReproductionReport Compare(RecordedFold fold, FoldComparison comparison, RerunResult rerun)
    {
        var files = from job in fold.Jobs
                    from file in job.Manifest.Files
                    let stage = job.Job.Stage
                    select new ReproducedFile(stage, file.Name, rerun.Manifests[stage].Files.Any(other => other == file));
        return new ReproductionReport(fold, comparison, [.. files], [.. fold.Jobs.SelectMany(job => Differences(job, rerun))]);
    }

    /// <summary>The verdict in words.</summary>
    internal string Verdict => Comparison.Sameness switch
    {
        Sameness.Bits => "the same to the bit",
        Sameness.Rounding => "the same to rounding",
        _ => "different",
    };

    internal JsonObject ToJson() => new()
    {
        ["sweep"] = Fold.Sweep.Snapshot.Name,
        ["arm"] = Fold.Arm.Name,
        ["fold"] = Fold.Fold,
        ["verdict"] = Comparison.Sameness.ToString().ToLowerInvariant(),
        ["tolerance"] = FoldComparison.Tolerance,
        ["problem"] = Comparison.Problem,
        ["probability"] = Number(Comparison.Probability),
        ["distance"] = Number(Comparison.Distance),
        ["neighbours"] = Comparison.Neighbours,
        ["queries"] = Comparison.Queries,
        ["answers"] = new JsonArray([.. Comparison.Predictions.Select(AnswerJson)]),
        ["files"] = new JsonArray([.. Files.Select(FileJson)]),
        ["environment"] = JsonSerializer.SerializeToNode(EnvironmentDifferences, SpecJson.Options),
        ["revised"] = new JsonArray([.. Fold.RevisedStages().Select(stage => (JsonNode)stage)]),
    };

    private static JsonObject AnswerJson(PredictionComparison answer) => new()
    {
        ["inference"] = answer.Inference,
        ["weighting"] = answer.Recorded?.Weighting,
        ["differing"] = answer.Differing,
        ["recorded"] = ScoresJson(answer.Recorded, answer.RecordedScores),
        ["again"] = ScoresJson(answer.Reproduced, answer.ReproducedScores),
    };

    private static JsonObject FileJson(ReproducedFile file) => new() { ["stage"] = file.Stage, ["name"] = file.Name, ["same"] = file.Same };

    private static JsonObject ScoresJson(RetrievalChoice? chosen, Domain.Measures.Confusion scores) => new()
    {
        ["wa"] = scores.Wa,
        ["ua"] = scores.Ua,
        ["k"] = chosen?.K,
        ["alpha"] = chosen?.Alpha,
    };

    // JSON has no NaN.
    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;

    internal string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Fold.Sweep.Snapshot.Name}, {Fold.Arm.Name}, fold {Fold.Fold}: {Verdict}");
        if (Comparison.Problem is { } problem)
        {
            text.AppendLine($"  {problem}");
        }
        else
        {
            AppendDistances(text);
        }

        foreach (var answer in Comparison.Predictions)
        {
            AppendAnswer(text, answer);
        }

        text.AppendLine($"  files: {string.Join(", ", Files.Select(file => $"{file.Name} {(file.Same ? "same" : "differs")}"))}");
        foreach (string stage in Fold.RevisedStages())
        {
            text.AppendLine($"  {stage} has another revision in this version: its numbers were changed on purpose (CHANGELOG.md)");
        }

        AppendEnvironment(text);
        return text.ToString();
    }

    private void AppendDistances(StringBuilder text)
    {
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  largest difference of a probability {Comparison.Probability:0.#e+0}, "
            + $"of a distance {Comparison.Distance:0.#e+0} of the median; "
            + $"\"the same to rounding\" allows {FoldComparison.Tolerance:0.###} each, with every class and choice the same");
        string neighbours = Comparison.Neighbours == 0 ? "the same" : $"different for {Comparison.Neighbours}";
        text.AppendLine($"  nearest neighbours: {neighbours} of {Comparison.Queries} queries");
    }

    private static void AppendAnswer(StringBuilder text, PredictionComparison answer)
    {
        string differing = answer.Differing == 0
            ? "every predicted class the same"
            : $"{answer.Differing} of {answer.RecordedScores.Total} predicted classes differ";
        string wa = Change(answer.RecordedScores.Wa, answer.ReproducedScores.Wa);
        string ua = Change(answer.RecordedScores.Ua, answer.ReproducedScores.Ua);
        text.AppendLine($"  {answer.Inference,-9} WA {wa}, UA {ua}: {differing}{Choice(answer)}");
    }

    // Two shares as percentages.
    private static string Change(double recorded, double reproduced) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * recorded:0.00} → {100 * reproduced:0.00}");

    private static string Choice(PredictionComparison answer) => answer is { Recorded: { } recorded, Reproduced: { } reproduced }
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"; k {recorded.K} → {reproduced.K}, α {recorded.Alpha:0.####} → {reproduced.Alpha:0.####} "
            + $"as the fold's validation chooses ({recorded.Weighting})")
        : "";

    private void AppendEnvironment(StringBuilder text)
    {
        string[] differences = [.. EnvironmentDifferences.Select(Describe).Distinct()];
        text.AppendLine(differences.Length == 0 ? "  environment: as recorded" : "  environment, recorded → now:");
        foreach (string line in differences)
        {
            text.AppendLine($"    {line}");
        }
    }

    private static string Describe(EnvironmentDifference fact) => $"{fact.What}: {fact.Recorded ?? "not recorded"} → {fact.Now ?? "none"}";

    private static IEnumerable<EnvironmentDifference> Differences(RecordedJob job, RerunResult rerun)
    {
        string stage = job.Job.Stage;
        var recorded = Facts(job.Manifest.Environment, FoldRerun.ComputeOf(job.Spec));
        var now = Facts(rerun.Manifests[stage].Environment, rerun.Compute[stage]);
        return from name in recorded.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
               let before = recorded.GetValueOrDefault(name)
               let after = now.GetValueOrDefault(name)
               where before != after
               select new EnvironmentDifference(stage, name, before, after);
    }

    private static Dictionary<string, string> Facts(
        IReadOnlyDictionary<string, string> environment,
        ComputeSpec compute) => new(environment)
        {
            ["threads"] = compute.Threads.ToString(CultureInfo.InvariantCulture),
            ["precision"] = compute.Precision,
            ["device"] = compute.Device,
        };
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Selection;
using Ser.Reporting.Reproduction;
using Ser.Stages;

namespace Ser.Cli.Reproduction;

/// <summary>Something of the surroundings that is not what it was.</summary>
/// <param name="Stage">Stage that it concerns.</param>
/// <param name="What">Name of the fact.</param>
/// <param name="Recorded">As recorded; null where it was not.</param>
/// <param name="Now">As it is; null where there is none.</param>
internal sealed record Surrounding(string Stage, string What, string? Recorded, string? Now);

/// <summary>A recorded fold and the same fold made again.</summary>
/// <param name="Fold">As recorded.</param>
/// <param name="Comparison">Number by number.</param>
/// <param name="Files">Every file of every stage: whether its SHA-256 is the recorded one.</param>
/// <param name="Surroundings">What differs in the environment.</param>
internal sealed record Reproduced(RecordedFold Fold, FoldComparison Comparison, IReadOnlyList<(string Stage, string Name, bool Same)> Files, IReadOnlyList<Surrounding> Surroundings)
{
    internal static Reproduced Of(RecordedFold fold, FoldComparison comparison, FoldAgain again) => new(
        fold,
        comparison,
        [.. from job in fold.Jobs
            from file in job.Manifest.Files
            select (job.Job.Stage, file.Name, again.Manifests[job.Job.Stage].Files.Any(other => other == file))],
        [.. fold.Jobs.SelectMany(job => Differences(job, again))]);

    /// <summary>The verdict in words.</summary>
    internal string Verdict => Comparison.Sameness switch
    {
        Sameness.Bits => "the same to the bit",
        Sameness.Rounding => "the same to rounding",
        _ => "different",
    };

    internal JsonObject Json() => new()
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
        ["answers"] = new JsonArray([.. Comparison.Answers.Select(answer => new JsonObject
        {
            ["inference"] = answer.Inference,
            ["weighting"] = answer.Recorded?.Weighting,
            ["differing"] = answer.Differing,
            ["recorded"] = Answer(answer.Recorded, answer.RecordedScores),
            ["again"] = Answer(answer.Again, answer.AgainScores),
        })]),
        ["files"] = new JsonArray([.. Files.Select(file => new JsonObject { ["stage"] = file.Stage, ["name"] = file.Name, ["same"] = file.Same })]),
        ["environment"] = JsonSerializer.SerializeToNode(Surroundings, SpecJson.Options),
        ["revised"] = new JsonArray([.. Fold.Revised().Select(stage => (JsonNode)stage)]),
    };

    internal string Text()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Fold.Sweep.Snapshot.Name}, {Fold.Arm.Name}, fold {Fold.Fold}: {Verdict}");
        if (Comparison.Problem is { } problem)
        {
            text.AppendLine($"  {problem}");
        }
        else
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  largest difference of a probability {Comparison.Probability:0.#e+0}, of a distance {Comparison.Distance:0.#e+0} of the median; to rounding is up to {FoldComparison.Tolerance:0.###} each with every answer and choice the same");
            text.AppendLine($"  nearest neighbours: {(Comparison.Neighbours == 0 ? "the same" : $"others for {Comparison.Neighbours}")} of {Comparison.Queries} queries");
        }

        foreach (var answer in Comparison.Answers)
        {
            string differing = answer.Differing == 0 ? "every answer the same" : $"{answer.Differing} of {answer.RecordedScores.Total} answers differ";
            text.AppendLine(CultureInfo.InvariantCulture, $"  {answer.Inference,-9} WA {100 * answer.RecordedScores.Wa:0.00} → {100 * answer.AgainScores.Wa:0.00}, UA {100 * answer.RecordedScores.Ua:0.00} → {100 * answer.AgainScores.Ua:0.00}: {differing}{Choice(answer)}");
        }

        text.AppendLine($"  files: {string.Join(", ", Files.Select(file => $"{file.Name} {(file.Same ? "same" : "differs")}"))}");
        foreach (string stage in Fold.Revised())
        {
            text.AppendLine($"  {stage} is of another revision in this version: its numbers were changed on purpose (CHANGELOG.md)");
        }

        string[] surroundings = [.. Surroundings.Select(fact => $"{fact.What}: {fact.Recorded ?? "not recorded"} → {fact.Now ?? "none"}").Distinct()];
        text.AppendLine(surroundings.Length == 0 ? "  environment: as recorded" : $"  environment, recorded → now:{string.Concat(surroundings.Select(line => $"{Environment.NewLine}    {line}"))}");
        return text.ToString();
    }

    private static IEnumerable<Surrounding> Differences(RecordedJob job, FoldAgain again)
    {
        string stage = job.Job.Stage;
        IReadOnlyDictionary<string, string> then = Facts(job.Manifest.Environment, FoldRerun.ComputeOf(job.Spec)), now = Facts(again.Manifests[stage].Environment, again.Compute[stage]);
        return from what in then.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
               let a = then.GetValueOrDefault(what)
               let b = now.GetValueOrDefault(what)
               where a != b
               select new Surrounding(stage, what, a, b);
    }

    private static Dictionary<string, string> Facts(IReadOnlyDictionary<string, string> environment, ComputeSpec compute) => new(environment)
    {
        ["threads"] = compute.Threads.ToString(CultureInfo.InvariantCulture),
        ["precision"] = compute.Precision,
        ["device"] = compute.Device,
    };

    private static string Choice(AnswerComparison answer) => answer is { Recorded: { } then, Again: { } now }
        ? string.Create(CultureInfo.InvariantCulture, $"; k {then.K} → {now.K}, α {then.Alpha:0.####} → {now.Alpha:0.####} as the fold's validation chooses ({then.Weighting})")
        : "";

    private static JsonObject Answer(Chosen? chosen, Domain.Measures.Confusion scores) => new() { ["wa"] = scores.Wa, ["ua"] = scores.Ua, ["k"] = chosen?.K, ["alpha"] = chosen?.Alpha };

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}

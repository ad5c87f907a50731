using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>How long the fine-tunes of a plan that are not done will take, from measured steps.</summary>
/// <param name="FineTunes">Fine-tunes that are not done.</param>
/// <param name="Steps">Their steps at most: early stopping makes fewer.</param>
/// <param name="Unknown">Of the fine-tunes those whose step has not been measured.</param>
/// <param name="Hours">Of the others, one after the other, by device and threads.</param>
public sealed record PlanCost(int FineTunes, long Steps, int Unknown, IReadOnlyList<(string Device, int Threads, double Hours)> Hours)
{
    /// <param name="prepared">The plan.</param>
    /// <param name="done">Ids of jobs that have a result.</param>
    /// <param name="times">Seconds of a step by kind.</param>
    public static PlanCost Of(Preparation prepared, IReadOnlySet<string> done, IReadOnlyDictionary<string, double> times)
    {
        var kinds = Kinds(prepared).Where(job => !done.Contains(job.Job.Id)).Select(job => job.Kind).ToList();
        var known = kinds.Where(kind => kind.Steps is null || times.ContainsKey(kind.Key)).ToList();
        return new PlanCost(
            kinds.Count, kinds.Sum(kind => kind.Steps ?? 0), kinds.Count - known.Count,
            [.. known.Where(kind => kind.Steps is not null).GroupBy(kind => (kind.Device, kind.Threads)).Select(alike =>
                (alike.Key.Device, alike.Key.Threads, alike.Sum(kind => kind.Steps!.Value * times[kind.Key]) / 3600))]);
    }

    /// <summary>Every fine-tune of a plan, equal ones once, with what its step takes.</summary>
    public static IEnumerable<(PlannedJob Job, StepKind Kind)> Kinds(Preparation prepared) =>
        prepared.Folds.Select(fold => (Job: fold.Jobs[FineTuneStage.StageName], Kind: StepKind.Of(fold.Jobs[FineTuneStage.StageName].Spec, fold.Fold.Train.Count))).DistinctBy(job => job.Job.Id);

    public IEnumerable<string> Lines()
    {
        if (FineTunes == 0)
        {
            yield return "Time: every fine-tune is done.";
            yield break;
        }

        if (Hours.Count == 0 && Unknown == 0)
        {
            yield return $"Time: {FineTunes} fine-tunes left, all of the classical baseline, which takes no steps: seconds each.";
            yield break;
        }

        string left = $"{FineTunes} fine-tunes left, at most {Steps.ToString("N0", CultureInfo.InvariantCulture)} steps";
        if (Hours.Count == 0 && Unknown > 0)
        {
            yield return $"Time: {left}. How long cannot be known: no step of this kind has been measured here. --measure trains for a few steps; a fold that is done tells too.";
            yield break;
        }

        yield return $"Time: {left}. Training takes about {string.Join(" and ", Hours.Select(Said))}, one after the other, without embedding and evaluation.{(Unknown == 0 ? "" : $" Not counted: {Unknown} fine-tunes whose step has not been measured (--measure).")}";
    }

    public JsonObject Json() => new()
    {
        ["fineTunes"] = FineTunes,
        ["steps"] = Steps,
        ["unknown"] = Unknown,
        ["hours"] = new JsonArray([.. Hours.Select(one => new JsonObject { ["device"] = one.Device, ["threads"] = one.Threads, ["hours"] = one.Hours })]),
    };

    private static string Said((string Device, int Threads, double Hours) one) => one.Device == "cuda"
        ? string.Create(CultureInfo.InvariantCulture, $"{one.Hours:0.##} GPU-hours")
        : string.Create(CultureInfo.InvariantCulture, $"{one.Hours:0.##} hours of {one.Threads} thread{(one.Threads == 1 ? "" : "s")}");
}

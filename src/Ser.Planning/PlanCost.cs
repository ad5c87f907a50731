using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>Training time on one kind of device.</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Hours">Hours of all fine-tunes there, one after the other.</param>
public sealed record DeviceHours(string Device, int Threads, double Hours);

/// <summary>A fine-tune of a plan, with the kind of its training step.</summary>
public sealed record PlannedFineTune(PlannedJob Job, StepKind Kind);

/// <summary>How long the unfinished fine-tunes of a plan will take, from measured steps.</summary>
/// <param name="FineTunes">Fine-tunes that are not done.</param>
/// <param name="Steps">Upper bound of their steps: early stopping makes it fewer.</param>
/// <param name="Unknown">How many of the fine-tunes have a step that has not been measured.</param>
/// <param name="Hours">Hours of the others, one after the other, by device and threads.</param>
public sealed record PlanCost(int FineTunes, long Steps, int Unknown, IReadOnlyList<DeviceHours> Hours)
{
    private const double SecondsPerHour = 3600;

    /// <param name="prepared">The plan.</param>
    /// <param name="done">Ids of jobs that have a result.</param>
    /// <param name="times">Seconds of a step by kind.</param>
    public static PlanCost Estimate(PreparedExperiment prepared, IReadOnlySet<string> done, IReadOnlyDictionary<string, double> times)
    {
        var pending = FineTunesOf(prepared).Where(fineTune => !done.Contains(fineTune.Job.Id)).Select(fineTune => fineTune.Kind).ToList();
        int unknown = pending.Count(kind => kind.Steps is not null && !times.ContainsKey(kind.Key));
        var measured = pending.Where(kind => kind.Steps is not null && times.ContainsKey(kind.Key));
        var hours = measured.GroupBy(kind => (kind.Device, kind.Threads)).Select(kinds =>
        {
            double seconds = kinds.Sum(kind => kind.Steps!.Value * times[kind.Key]);
            return new DeviceHours(kinds.Key.Device, kinds.Key.Threads, seconds / SecondsPerHour);
        });
        return new PlanCost(pending.Count, pending.Sum(kind => kind.Steps ?? 0), unknown, [.. hours]);
    }

    /// <summary>Every fine-tune of a plan, equal ones once, with the kind of its step.</summary>
    public static IEnumerable<PlannedFineTune> FineTunesOf(PreparedExperiment prepared) => prepared.Folds
        .Select(fold =>
        {
            var job = fold.Jobs[FineTuneStage.StageName];
            return new PlannedFineTune(job, StepKind.FromSpec(job.Spec, fold.Fold.Train.Count));
        })
        .DistinctBy(fineTune => fineTune.Job.Id);

    public IEnumerable<string> Lines()
    {
        if (FineTunes == 0)
        {
            yield return "Time: every fine-tune is done.";
            yield break;
        }

        string count = Plural.Count(FineTunes, "fine-tune");
        if (Hours.Count == 0 && Unknown == 0)
        {
            yield return $"Time: {count} left, all of the classical baseline, which takes no steps: seconds each.";
            yield break;
        }

        string left = $"{count} left, at most {Steps.ToString("N0", CultureInfo.InvariantCulture)} steps";
        if (Hours.Count == 0)
        {
            yield return $"Time: {left}. The duration is unknown, since no step of this kind has been measured here: "
                + "--measure trains for a few steps, and a finished fold gives a measurement too.";
            yield break;
        }

        string unmeasured = Plural.Count(Unknown, "fine-tune");
        string notCounted = Unknown == 0 ? "" : $" Not included: {unmeasured} whose step has not been measured (--measure).";
        yield return $"Time: {left}. Training takes about {string.Join(" and ", Hours.Select(Describe))}, one after the other, "
            + $"without embedding and evaluation.{notCounted}";
    }

    public JsonObject ToJson() => new()
    {
        ["fineTunes"] = FineTunes,
        ["steps"] = Steps,
        ["unknown"] = Unknown,
        ["hours"] = new JsonArray([.. Hours.Select(part => new JsonObject
        {
            ["device"] = part.Device,
            ["threads"] = part.Threads,
            ["hours"] = part.Hours,
        })]),
    };

    private static string Describe(DeviceHours part)
    {
        string unit = part.Device == "cuda" ? "GPU-hours" : $"hours on {Plural.Count(part.Threads, "thread")}";
        return string.Create(CultureInfo.InvariantCulture, $"{part.Hours:0.##} {unit}");
    }
}

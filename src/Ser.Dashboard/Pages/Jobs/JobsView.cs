using System.Globalization;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Jobs;

/// <summary>An action on several jobs of the list.</summary>
/// <param name="Verb">Name of the action in the scheduler's API.</param>
/// <param name="Transition">The transition of each job.</param>
/// <param name="Explanation">Explanation for the preview.</param>
public sealed record BulkAction(string Verb, JobTransition Transition, string Explanation)
{
    /// <summary>Makes jobs ready again.</summary>
    public static BulkAction Retry { get; } = new(
        "retry",
        JobTransitions.Revive,
        "The jobs become ready again, together with the jobs that they depend on. "
            + "Training resumes from the last checkpoint if there is one. Earlier attempts are kept.");

    /// <summary>Stops jobs.</summary>
    public static BulkAction Cancel { get; } = new(
        "cancel",
        JobTransitions.Cancel,
        "The jobs stop. Checkpoints and results are kept, and dependent jobs wait. "
            + "Retry the jobs or resume the sweep to continue.");
}

/// <summary>
/// The effect of an action on the selected jobs. It is fixed when the preview opens, even if jobs change state before confirmation.
/// </summary>
/// <param name="Action">The action.</param>
/// <param name="Affected">Jobs that the action changes, one line each.</param>
/// <param name="Unaffected">Jobs that the action leaves unchanged because of their state.</param>
public sealed record BulkPreview(BulkAction Action, IReadOnlyList<JobLine> Affected, IReadOnlyList<JobLine> Unaffected)
{
    /// <summary>Creates the preview of an action on the selected jobs.</summary>
    public static BulkPreview Create(BulkAction action, IEnumerable<JobLine> selected)
    {
        var groups = selected.DistinctBy(line => line.Id).ToLookup(line => action.Transition.From.Contains(line.State));
        return new BulkPreview(action, [.. groups[true]], [.. groups[false]]);
    }

    /// <summary>
    /// Upper bound of the compute time of the action in seconds, estimated from finished jobs of the same sweeps; null if unknown.
    /// </summary>
    /// <param name="times">Finds the compute times of a sweep by its name.</param>
    public double? EstimateCost(Func<string, SweepTimes> times) => Affected.GroupBy(line => line.Sweep)
        .Aggregate((double?)0, (sum, sweep) => sum + times(sweep.Key).EstimateSeconds(sweep.Select(line => (line.Stage, 1.0))));

    /// <summary>Ids of the jobs that the request names.</summary>
    public IReadOnlyList<string> Ids => [.. Affected.Select(line => line.Id)];
}

/// <summary>Computes what the list of jobs shows.</summary>
internal static class JobsView
{
    /// <summary>The query in the page's address; invalid parts are ignored.</summary>
    public static JobQuery Query(string? words, string? state, string? stage, string? sweep, string? worker)
    {
        bool isState = Enum.TryParse<JobState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed);
        return new JobQuery(
            NullIfBlank(words), isState ? parsed : null, NullIfBlank(stage), NullIfBlank(sweep), NullIfBlank(worker));
    }

    /// <summary>Finished and planned epochs of a job; empty if the job is done or waiting.</summary>
    public static string Progress(JobLine line) => line.Epochs > 0 && line.State is not (JobState.Done or JobState.Waiting)
        ? string.Create(CultureInfo.InvariantCulture, $"{line.Epoch}/{line.Epochs}")
        : "";

    /// <summary>State and epoch of a job in words.</summary>
    public static string StateAndEpoch(JobLine line)
    {
        string epochs = line.Epochs > 0 ? string.Create(CultureInfo.InvariantCulture, $", {line.Epoch} of {line.Epochs} epochs") : "";
        return line.State.ToString().ToLowerInvariant() + epochs;
    }

    /// <summary>Duration of the last attempt, up to now if it is still running.</summary>
    public static string Duration(JobLine line, DateTimeOffset now)
    {
        if (line.Started is not { } started)
        {
            return "";
        }

        double end = line.Ended ?? (now.ToUnixTimeMilliseconds() / 1000.0);
        return ProgressText.FormatDuration(TimeSpan.FromSeconds(Math.Max(0, end - started)));
    }

    /// <summary>The outcome of an action in a sentence.</summary>
    public static string DescribeOutcome(BulkAction action, JobsResponse answer)
    {
        int done = answer.Jobs.Count(job => job.Done);
        var refusals = answer.Jobs.Where(job => !job.Done).GroupBy(job => job.Why).OrderByDescending(group => group.Count()).ToList();
        string verb = action == BulkAction.Retry ? "Retried" : "Cancelled";
        string sentence = $"{verb} {done} of {answer.Jobs.Count} {(answer.Jobs.Count == 1 ? "job" : "jobs")}.";
        if (refusals.Count == 0)
        {
            return sentence;
        }

        int mostCommon = refusals[0].Count();
        return $"{sentence} Unchanged: {refusals[0].Key}{(mostCommon > 1 ? $" ({mostCommon})" : "")}.";
    }

    /// <summary>Numbers of jobs by stage and state, for a preview.</summary>
    public static string CountByStageAndState(IReadOnlyList<JobLine> lines)
    {
        var groups = lines.GroupBy(line => (line.Stage, line.State)).OrderByDescending(group => group.Count());
        var texts = groups.Select(group => $"{group.Count()} {group.Key.Stage} {group.Key.State.ToString().ToLowerInvariant()}");
        return string.Join(", ", texts);
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

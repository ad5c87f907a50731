using System.Globalization;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Jobs;

/// <summary>What may be done to jobs from their list.</summary>
/// <param name="Verb">As the scheduler's API calls it.</param>
/// <param name="Transition">What it makes of a job.</param>
/// <param name="Does">What happens, for the preview.</param>
internal sealed record BulkAct(string Verb, JobTransition Transition, string Does)
{
    public static BulkAct Retry { get; } = new("retry", JobTransitions.Revive, "They become ready again, with those that they need; training goes on from its last checkpoint where there is one. Earlier attempts are kept.");

    public static BulkAct Cancel { get; } = new("cancel", JobTransitions.Cancel, "They stop; checkpoints and results stay, and what needs them waits. Retrying them, or resuming the sweep, goes on.");

    public static BulkAct? Of(string? verb) => verb == Retry.Verb ? Retry : verb == Cancel.Verb ? Cancel : null;
}

/// <summary>What an act would do to the jobs that were chosen: fixed when it was asked for, whatever moves meanwhile.</summary>
/// <param name="Act">The act.</param>
/// <param name="Touched">Jobs in a state that it changes, one line each.</param>
/// <param name="Passed">Jobs that it leaves as they are.</param>
internal sealed record BulkPreview(BulkAct Act, IReadOnlyList<JobLine> Touched, IReadOnlyList<JobLine> Passed)
{
    public static BulkPreview Of(BulkAct act, IEnumerable<JobLine> chosen)
    {
        var groups = chosen.DistinctBy(line => line.Id).ToLookup(line => act.Transition.From.Contains(line.State));
        return new BulkPreview(act, [.. groups[true]], [.. groups[false]]);
    }

    /// <summary>Seconds of compute time that it costs at most, as finished jobs of the same sweeps took; null: not known.</summary>
    /// <param name="times">What jobs of a sweep take.</param>
    public double? Cost(Func<string, SweepTimes> times) => Touched.GroupBy(line => line.Sweep)
        .Aggregate((double?)0, (sum, sweep) => sum + times(sweep.Key).For(sweep.Select(line => (line.Stage, 1.0))));

    /// <summary>The frozen list that travels with the act.</summary>
    public IReadOnlyList<string> Ids => [.. Touched.Select(line => line.Id)];
}

/// <summary>What the list of jobs shows, by plain functions.</summary>
internal static class JobsView
{
    /// <summary>The query that an address asks; what it cannot mean is left out.</summary>
    public static JobQuery Query(string? words, string? state, string? stage, string? sweep, string? worker) => new(
        Given(words), Enum.TryParse<JobState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null, Given(stage), Given(sweep), Given(worker));

    /// <summary>How far a job is.</summary>
    public static string Progress(JobLine line) => line.Epochs > 0 && line.State is not (JobState.Done or JobState.Waiting)
        ? string.Create(CultureInfo.InvariantCulture, $"{line.Epoch}/{line.Epochs}") : "";

    /// <summary>How long the last attempt took, or has taken.</summary>
    public static string Length(JobLine line, DateTimeOffset now) => line.Started is not { } started ? ""
        : ProgressText.Short(TimeSpan.FromSeconds(Math.Max(0, (line.Ended ?? (now.ToUnixTimeMilliseconds() / 1000.0)) - started)));

    /// <summary>What became of an act, in a sentence.</summary>
    public static string Told(BulkAct act, JobsAnswer answer)
    {
        int done = answer.Jobs.Count(job => job.Done);
        var why = answer.Jobs.Where(job => !job.Done).GroupBy(job => job.Why).OrderByDescending(group => group.Count()).FirstOrDefault();
        string sentence = $"{(act == BulkAct.Retry ? "Retried" : "Cancelled")} {done} of {answer.Jobs.Count} jobs.";
        return why is null ? sentence : $"{sentence} The others: {why.Key}{(why.Count() > 1 ? $" ({why.Count()})" : "")}.";
    }

    /// <summary>Counts of jobs by stage and state, for a preview.</summary>
    public static string Counted(IReadOnlyList<JobLine> lines) => string.Join(", ", lines.GroupBy(line => (line.Stage, line.State)).OrderByDescending(group => group.Count())
        .Select(group => $"{group.Count()} {group.Key.Stage} {group.Key.State.ToString().ToLowerInvariant()}"));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

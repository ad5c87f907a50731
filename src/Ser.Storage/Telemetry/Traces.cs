using System.Diagnostics;
using Ser.Domain.Jobs;

namespace Ser.Storage.Telemetry;

/// <summary>
/// Spans of one submission: the submission itself, every attempt of its jobs on any machine, and the acceptance of results. No spans are
/// created while no listener is registered.
/// </summary>
public static class Traces
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "ser";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a submission.</summary>
    public static Activity? StartSubmission(string sweep) => Source.StartActivity("submit")?.SetTag("ser.sweep", sweep);

    /// <summary>Starts the span of an attempt, within the trace of the submission that first planned the job.</summary>
    public static Activity? StartAttempt(ClaimedJob job)
    {
        var hints = JobHints.FromSpecOrDefault(job.Spec);
        _ = ActivityContext.TryParse(hints.Trace, null, isRemote: true, out var parent);
        return Source.StartActivity(job.Stage, ActivityKind.Consumer, parent)?
            .SetTag("ser.job", job.Lease.JobId)
            .SetTag("ser.attempt", job.Lease.Attempt)
            .SetTag("ser.worker", job.Lease.Worker)
            .SetTag("ser.arm", hints.Arm)
            .SetTag("ser.fold", hints.Fold);
    }

    /// <summary>Starts the span of a part of an attempt: fetching inputs, running the stage, publishing the result.</summary>
    public static Activity? StartPart(string name) => Source.StartActivity(name);

    /// <summary>Starts the span of verifying and accepting results.</summary>
    public static Activity? StartAcceptance(IReadOnlyList<JobResult> completed) =>
        Source.StartActivity("accept")?.SetTag("ser.jobs", string.Join(' ', completed.Select(result => result.JobId)));

    /// <summary>Sets the outcome of a span.</summary>
    public static void SetOutcome(this Activity? activity, string outcome, bool failed) =>
        activity?.SetTag("ser.outcome", outcome).SetStatus(failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
}

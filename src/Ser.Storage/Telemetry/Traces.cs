using System.Diagnostics;
using Ser.Domain.Jobs;

namespace Ser.Storage.Telemetry;

/// <summary>Spans of one submission: submitting, every attempt of its jobs on whatever machine, accepting. Nothing is made while nobody listens.</summary>
public static class Traces
{
    /// <summary>Name of the source.</summary>
    public const string Name = "ser";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A sweep is submitted.</summary>
    public static Activity? Submission(string sweep) => Source.StartActivity("submit")?.SetTag("ser.sweep", sweep);

    /// <summary>An attempt of a job, within the trace of the submission that planned it first.</summary>
    public static Activity? Attempt(ClaimedJob job)
    {
        var hints = JobHints.Of(job.Spec);
        _ = ActivityContext.TryParse(hints.Trace, null, isRemote: true, out var parent);
        return Source.StartActivity(job.Stage, ActivityKind.Consumer, parent)?.SetTag("ser.job", job.Lease.JobId).SetTag("ser.attempt", job.Lease.Attempt).SetTag("ser.worker", job.Lease.Worker)
            .SetTag("ser.arm", hints.Arm).SetTag("ser.fold", hints.Fold);
    }

    /// <summary>A part of an attempt: inputs that travel, the run, the result that travels.</summary>
    public static Activity? Part(string name) => Source.StartActivity(name);

    /// <summary>Results are looked at and accepted.</summary>
    public static Activity? Acceptance(IReadOnlyList<OfferedResult> offered) => Source.StartActivity("accept")?.SetTag("ser.jobs", string.Join(' ', offered.Select(result => result.JobId)));

    /// <summary>How it came out.</summary>
    public static void End(this Activity? activity, string outcome, bool failed) => activity?.SetTag("ser.outcome", outcome).SetStatus(failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
}

using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Client;

/// <summary>A sweep as posted by a client. The client plans it, because planning needs the corpus, the weights and libtorch.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Definition">The experiment with all defaults, and the job ids of every fold.</param>
/// <param name="Jobs">The plan, parents before their dependants.</param>
/// <param name="Corpus">Index of the corpus, with paths on the client's machine.</param>
/// <param name="Weights">Weights files that jobs use.</param>
/// <param name="Recordings">Recorded noises and impulse responses that jobs use; null for none.</param>
/// <param name="SharedPaths">Whether recordings and weights have these paths on every machine; otherwise they were uploaded.</param>
public sealed record SubmittedSweep(
    string Name,
    SweepDefinition Definition,
    IReadOnlyList<SweepJob> Jobs,
    Corpus Corpus,
    IReadOnlyList<SubmittedWeights> Weights,
    IReadOnlyList<RecordingSet>? Recordings = null,
    bool SharedPaths = false)
{
    /// <summary>Schedule of repeated submissions; null to submit once, now.</summary>
    public SubmittedCron? Cron { get; init; }
}

/// <summary>A schedule of a submitted sweep.</summary>
/// <param name="Text">Cron expression: minute, hour, day of the month, month, day of the week.</param>
/// <param name="Zone">Time zone of the cron expression.</param>
public sealed record SubmittedCron(string Text, string Zone);

/// <summary>A weights file of a submitted sweep.</summary>
/// <param name="Path">Path on the client's machine.</param>
/// <param name="Digest">SHA-256 of its bytes, lower-case hex.</param>
public sealed record SubmittedWeights(string Path, string Digest);

/// <summary>Response to a submission.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Planned">Number of jobs of the plan.</param>
/// <param name="Reused">Number of these that already had an accepted result.</param>
/// <param name="Revived">Number of these that had failed or been cancelled and are queued again.</param>
public sealed record SubmissionResponse(string Sweep, int Planned, int Reused, int Revived);

/// <summary>Digests of input files.</summary>
/// <param name="Digests">SHA-256 of each file's bytes, lower-case hex.</param>
public sealed record InputDigests(IReadOnlyList<string> Digests);

/// <summary>A sweep with its jobs; in an event, only those that have changed.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">State.</param>
/// <param name="Jobs">Its jobs, in plan order.</param>
/// <param name="Attempts">Attempts by job id, if requested; otherwise null.</param>
public sealed record SweepView(
    string Name,
    SweepState State,
    IReadOnlyList<JobSnapshot> Jobs,
    IReadOnlyDictionary<string, IReadOnlyList<AttemptRecord>>? Attempts = null);

/// <summary>A job with its history.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempts">Its attempts, oldest first.</param>
/// <param name="Points">Its learning curve.</param>
/// <param name="Log">Last log lines of the last attempt that has any.</param>
public sealed record JobView(JobSnapshot Job, IReadOnlyList<AttemptRecord> Attempts, IReadOnlyList<EpochPoint> Points, string? Log);

/// <summary>Response to cancelling a sweep; also the output of `ser cancel --json`.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Cancelled">Number of cancelled jobs; null if the request was left to a runner.</param>
/// <param name="Asked">Whether the request was left to a runner.</param>
public sealed record CancelResponse(string Sweep, int? Cancelled, bool Asked);

/// <summary>Response to resuming a sweep.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Revived">Number of jobs that had failed or been cancelled and are queued again.</param>
public sealed record ResumeResponse(string Sweep, int Revived);

/// <summary>Response to retrying a job; also the output of `ser retry --json`.</summary>
/// <param name="Job">The job id, as given in the request.</param>
/// <param name="Ready">Number of revived jobs; null if the request was left to a runner.</param>
/// <param name="Asked">Whether the request was left to a runner.</param>
public sealed record RetryResponse(string Job, int? Ready, bool Asked);

/// <summary>Request to retry or cancel several jobs.</summary>
/// <param name="Ids">Complete job ids.</param>
public sealed record JobIds(IReadOnlyList<string> Ids);

/// <summary>Response to retrying or cancelling several jobs.</summary>
/// <param name="Jobs">The outcome of each job, in the order of the request.</param>
public sealed record JobsResponse(IReadOnlyList<JobOutcome> Jobs);

/// <summary>Outcome of a request for one job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Done">Whether the job was changed.</param>
/// <param name="Why">Why it was not changed.</param>
public sealed record JobOutcome(string Id, bool Done, string? Why);

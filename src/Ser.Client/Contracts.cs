using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Client;

/// <summary>A sweep as it is posted: planned by whoever has corpus, weights and libtorch.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Definition">The experiment with every default, and the ids of every fold's jobs.</param>
/// <param name="Jobs">The plan, parents before their dependants.</param>
/// <param name="Corpus">Index of the corpus, with the paths of the machine that submits.</param>
/// <param name="Weights">Weights files that jobs name.</param>
/// <param name="Recordings">Recorded noises and impulse responses that jobs name; null: none.</param>
/// <param name="SharedPaths">Whether recordings and weights lie at these paths on every machine; otherwise they were uploaded.</param>
public sealed record SubmittedSweep(
    string Name, SweepDefinition Definition, IReadOnlyList<SweepJob> Jobs, Corpus Corpus, IReadOnlyList<SubmittedWeights> Weights,
    IReadOnlyList<RecordingSet>? Recordings = null, bool SharedPaths = false)
{
    /// <summary>When it is submitted, again and again; null: now.</summary>
    public SubmittedCron? Cron { get; init; }
}

/// <summary>A schedule of a submitted sweep.</summary>
/// <param name="Text">Minute, hour, day of the month, month, day of the week.</param>
/// <param name="Zone">Name of the time zone in which these are meant.</param>
public sealed record SubmittedCron(string Text, string Zone);

/// <summary>A weights file of a submitted sweep.</summary>
/// <param name="Path">Where it lies on the machine that submits.</param>
/// <param name="Digest">SHA-256 of its bytes, lower-case hex.</param>
public sealed record SubmittedWeights(string Path, string Digest);

/// <summary>What submitting came to.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Planned">Jobs of the plan.</param>
/// <param name="Reused">Of these, jobs that had an accepted result already.</param>
/// <param name="Revived">Of these, jobs that had failed or been cancelled and are wanted again.</param>
public sealed record SubmittedAnswer(string Sweep, int Planned, int Reused, int Revived);

/// <summary>Digests of input files.</summary>
/// <param name="Digests">SHA-256 of each file's bytes, lower-case hex.</param>
public sealed record InputDigests(IReadOnlyList<string> Digests);

/// <summary>A sweep with its jobs, or, among its events, with those that have changed.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">Where it is.</param>
/// <param name="Jobs">Its jobs in plan order.</param>
/// <param name="Attempts">Attempts by job, where they were asked for.</param>
public sealed record SweepView(string Name, SweepState State, IReadOnlyList<JobSnapshot> Jobs, IReadOnlyDictionary<string, IReadOnlyList<AttemptRecord>>? Attempts = null);

/// <summary>A job with its history.</summary>
/// <param name="Job">Where it is.</param>
/// <param name="Attempts">Oldest first.</param>
/// <param name="Points">Its learning curve.</param>
/// <param name="Log">Last lines of the last attempt that left any.</param>
public sealed record JobView(JobSnapshot Job, IReadOnlyList<AttemptRecord> Attempts, IReadOnlyList<EpochPoint> Points, string? Log);

/// <summary>Answer to cancelling, as `ser cancel --json`.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Cancelled">Jobs cancelled; null: it was left to a runner.</param>
/// <param name="Asked">Whether it was left to a runner.</param>
public sealed record CancelAnswer(string Sweep, int? Cancelled, bool Asked);

/// <summary>Answer to resuming.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Revived">Jobs that had failed or been cancelled and are wanted again.</param>
public sealed record ResumeAnswer(string Sweep, int Revived);

/// <summary>Answer to retrying, as `ser retry --json`.</summary>
/// <param name="Job">The job, as it was named.</param>
/// <param name="Ready">Jobs made ready; null: it was left to a runner.</param>
/// <param name="Asked">Whether it was left to a runner.</param>
public sealed record RetryAnswer(string Job, int? Ready, bool Asked);

/// <summary>Jobs to act on.</summary>
/// <param name="Ids">Whole ids, as they were when somebody decided.</param>
public sealed record JobIds(IReadOnlyList<string> Ids);

/// <summary>Answer to acting on many jobs.</summary>
/// <param name="Jobs">What became of each, in the order asked for.</param>
public sealed record JobsAnswer(IReadOnlyList<JobOutcome> Jobs);

/// <summary>What became of one job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Done">Whether it was done.</param>
/// <param name="Why">Why it was not.</param>
public sealed record JobOutcome(string Id, bool Done, string? Why);

namespace Ser.Domain.Jobs;

/// <summary>A search over the jobs of all sweeps. A criterion that is null matches every job.</summary>
/// <param name="Words">
/// Words that must all occur, in any case, in sweep, arm, stage, title, state, worker or error, or at the start of the id.
/// </param>
/// <param name="State">State of the job.</param>
/// <param name="Stage">Stage of the job.</param>
/// <param name="Sweep">Name of a sweep that contains the job.</param>
/// <param name="Worker">Name of a worker that has run the job.</param>
public sealed record JobQuery(
    string? Words = null,
    JobState? State = null,
    string? Stage = null,
    string? Sweep = null,
    string? Worker = null);

/// <summary>One page of search results.</summary>
/// <param name="Total">Number of matches on all pages.</param>
/// <param name="Lines">The matches of this page: newest sweep first, then in plan order.</param>
public sealed record JobPage(int Total, IReadOnlyList<JobLine> Lines);

/// <summary>
/// A job of a sweep in a list. A job that several sweeps contain has a line in each. Times are Unix seconds on the store's clock.
/// </summary>
/// <param name="Id">The job's id.</param>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Fold">Number of the fold, from 1.</param>
/// <param name="Stage">The job's stage.</param>
/// <param name="State">The job's state.</param>
/// <param name="Attempt">Number of the last attempt; 0 before the first.</param>
/// <param name="Faults">Number of charged faults.</param>
/// <param name="Worker">Worker of the running or last attempt.</param>
/// <param name="Error">Why the last unsuccessful attempt ended.</param>
/// <param name="Epoch">Finished epochs of the last attempt.</param>
/// <param name="Epochs">Maximum number of epochs.</param>
/// <param name="LeaseLeft">Seconds until the lease of a running job expires; negative once it has expired.</param>
/// <param name="Started">Start of the last attempt.</param>
/// <param name="Ended">End of the last attempt.</param>
public sealed record JobLine(
    string Id,
    string Sweep,
    string Arm,
    int Fold,
    string Stage,
    JobState State,
    int Attempt,
    int Faults,
    string? Worker,
    string? Error,
    int Epoch,
    int Epochs,
    double? LeaseLeft,
    double? Started,
    double? Ended);

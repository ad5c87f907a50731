namespace Ser.Domain.Jobs;

/// <summary>What is asked of all jobs of all sweeps. Null asks nothing.</summary>
/// <param name="Words">Words that must all be somewhere in the line: sweep, arm, stage, title, state, worker, error, or the beginning of the id; letters large or small.</param>
/// <param name="State">Only in this state.</param>
/// <param name="Stage">Only of this stage.</param>
/// <param name="Sweep">Only of this sweep.</param>
/// <param name="Worker">Only those that this worker has ever run.</param>
public sealed record JobQuery(string? Words = null, JobState? State = null, string? Stage = null, string? Sweep = null, string? Worker = null);

/// <summary>A page of the lines that match.</summary>
/// <param name="Total">How many match.</param>
/// <param name="Lines">Some of them, the newest sweep first, then as planned.</param>
public sealed record JobPage(int Total, IReadOnlyList<JobLine> Lines);

/// <summary>A job in a sweep; one that several sweeps want has a line in each. Times are seconds since 1970 on the store's clock.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Fold">Number of the fold, from 1.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="State">Where it is.</param>
/// <param name="Attempt">The last attempt; 0 before the first.</param>
/// <param name="Faults">Charged faults.</param>
/// <param name="Worker">Who runs it, or ran it last.</param>
/// <param name="Error">Why the last attempt that did not succeed ended.</param>
/// <param name="Epoch">Epochs of the last attempt.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="LeaseLeft">Seconds until the lease of a running job ends, below 0 once it has.</param>
/// <param name="Started">When the last attempt began.</param>
/// <param name="Ended">When it ended.</param>
public sealed record JobLine(
    string Id, string Sweep, string Arm, int Fold, string Stage, JobState State, int Attempt, int Faults, string? Worker, string? Error, int Epoch, int Epochs, double? LeaseLeft, double? Started, double? Ended);

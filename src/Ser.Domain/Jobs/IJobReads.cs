namespace Ser.Domain.Jobs;

/// <summary>Read-only queries on the job store. They change nothing and are safe beside a running scheduler.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read.</exception>
public interface IJobReads : ISweepReads
{
    /// <summary>Returns a summary of every sweep, in order of first submission. The time hardly depends on the number of sweeps.</summary>
    IReadOnlyList<SweepOverview> Overviews();

    /// <summary>
    /// Returns at most <paramref name="take"/> sweeps before the newest <paramref name="skip"/>, in order of first submission. The first
    /// page also has every older sweep with ready or running jobs. The time hardly depends on the number of sweeps.
    /// </summary>
    SweepPage RecentSweeps(int skip, int take);

    /// <summary>Returns the names of all sweeps, in order of first submission.</summary>
    IReadOnlyList<string> SweepNames();

    /// <summary>Returns the sweep with this name; null if there is none.</summary>
    SweepSnapshot? FindSweep(string name);

    /// <summary>
    /// Returns the time that a sweep has used and its remaining work; <see cref="SweepTimes.None"/> for an unknown sweep.
    /// </summary>
    SweepTimes Times(string sweep);

    /// <summary>
    /// Returns a number that rises whenever anything visible changes in the sweep, or in any sweep if <paramref name="sweep"/> is null,
    /// and never falls; 0 for an unknown sweep. It is cheap to compute, so clients may poll it.
    /// </summary>
    long Version(string? sweep = null);

    /// <summary>
    /// Searches the jobs of all sweeps and returns at most <paramref name="take"/> matches after the first <paramref name="skip"/>.
    /// The time hardly depends on the number of jobs.
    /// </summary>
    JobPage SearchJobs(JobQuery query, int skip, int take);

    /// <summary>
    /// Returns these jobs by id, by a fixed number of queries. Unknown jobs are left out, and the ids must be complete.
    /// </summary>
    IReadOnlyDictionary<string, JobSnapshot> Jobs(IReadOnlyCollection<string> jobIds);

    /// <summary>Returns the names of all workers that have ever run a job.</summary>
    IReadOnlyList<string> WorkerNames();

    /// <summary>Returns the audit entries that contain all of these words (null matches every entry), newest first.</summary>
    AuditPage SearchAudit(string? words, int skip, int take);

    /// <summary>Returns the number of jobs in each state. States without jobs are left out.</summary>
    IReadOnlyDictionary<JobState, int> CountsByState();

    /// <summary>
    /// Returns the needs of the ready jobs, with the number of jobs that have them. Jobs without particular needs are counted under
    /// <see cref="JobNeeds.None"/>.
    /// </summary>
    IReadOnlyDictionary<JobNeeds, int> ReadyNeeds();

    /// <summary>Returns every schedule, ordered by name.</summary>
    IReadOnlyList<SweepSchedule> Schedules();

    /// <summary>Returns the names of sweeps with parked jobs that successive halving has neither promoted nor eliminated yet.</summary>
    IReadOnlyList<string> SweepsAwaitingHalving();

    /// <summary>Returns the sweeps that have ended and whose end has not been reported to the webhooks yet.</summary>
    IReadOnlyList<EndedSweep> SweepsAwaitingNotification();

    /// <summary>
    /// Returns those workers, with their last error, whose last <paramref name="faults"/> or more attempts were all faults of different
    /// jobs while other workers completed jobs.
    /// </summary>
    /// <param name="workers">
    /// Workers to judge, each with the time from which its attempts count, in Unix seconds on the store's clock.
    /// </param>
    /// <param name="faults">Number of consecutive faults.</param>
    IReadOnlyDictionary<string, string> SuspectWorkers(IReadOnlyDictionary<string, double> workers, int faults);

    /// <summary>Returns the ids of at most <paramref name="limit"/> jobs that the worker of a request, or any worker, may claim.</summary>
    /// <param name="limit">Most ids that are returned.</param>
    /// <param name="request">The worker's request; null for jobs that any worker may claim.</param>
    IReadOnlyList<string> ClaimableJobs(int limit, ClaimRequest? request = null);
}

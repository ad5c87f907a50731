namespace Ser.Domain.Jobs;

/// <summary>What can be seen of jobs. Changes nothing; safe beside a working runner.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read.</exception>
public interface IJobReads : ISweepReads
{
    /// <summary>Every sweep in few words, in order of first submission: as quick for a hundred sweeps as for one.</summary>
    IReadOnlyList<SweepOverview> Overview();

    /// <summary>What a sweep has taken and what is to come; nothing where there is no such sweep.</summary>
    SweepTimes Times(string sweep);

    /// <summary>A text that is another one when something that can be seen of a sweep, or (null) of any, has changed. Cheap: for those who look again and again.</summary>
    string Mark(string? sweep = null);

    /// <summary>Lines of all jobs of all sweeps that match, from <paramref name="skip"/> on, at most <paramref name="take"/>: as quick for ten thousand jobs as for ten.</summary>
    JobPage Search(JobQuery query, int skip, int take);

    /// <summary>Names of all workers that have ever run a job.</summary>
    IReadOnlyList<string> WorkerNames();

    /// <summary>What has been done that has all of these words (null: anything), the newest first.</summary>
    AuditPage Audit(string? words, int skip, int take);

    /// <summary>How many jobs are in each state; states without a job are left out.</summary>
    IReadOnlyDictionary<JobState, int> Counts();

    /// <summary>What ready jobs need, with the number of jobs that need it; <see cref="JobNeeds.None"/> for those that need nothing in particular.</summary>
    IReadOnlyDictionary<JobNeeds, int> ReadyNeeds();

    /// <summary>Every schedule, by name.</summary>
    IReadOnlyList<SweepSchedule> Schedules();

    /// <summary>Names of the sweeps that have parked jobs of which nobody has said yet whether they go on.</summary>
    IReadOnlyList<string> Undecided();

    /// <summary>Sweeps of which nothing can run any longer and whose end nobody was told of.</summary>
    IReadOnlyList<EndedSweep> Ended();

    /// <summary>
    /// Of these workers, each with the time since which it is judged (seconds since 1970 on the store's clock), those whose last <paramref name="faults"/> attempts and more were all faults, of as many jobs, while
    /// others got something done. With the last error.
    /// </summary>
    IReadOnlyDictionary<string, string> Suspects(IReadOnlyDictionary<string, double> workers, int faults);

    /// <summary>Ids of at most <paramref name="limit"/> jobs that may be claimed, by whoever asks so or (null) by anyone; for offers.</summary>
    IReadOnlyList<string> Claimable(int limit, ClaimRequest? request = null);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Turns a transition of <see cref="JobTransitions"/> into the condition and the new state of a statement.</summary>
internal static class TransitionQueries
{
    /// <summary>The jobs in a state from which an unfenced transition is allowed.</summary>
    public static IQueryable<JobRow> WhereAllowed(
        this IQueryable<JobRow> jobs,
        JobTransition transition,
        IReadOnlyCollection<string> jobIds)
    {
        if (transition.Fenced)
        {
            throw new InvalidOperationException($"The transition {transition.Name} is fenced: the attempt must be given.");
        }

        var from = transition.From;
        return jobs.Where(job => jobIds.Contains(job.Id) && from.Contains(job.State));
    }

    /// <summary>The jobs in a state from which a fenced transition is allowed and whose last attempt is this one.</summary>
    public static IQueryable<JobRow> WhereAllowed(
        this IQueryable<JobRow> jobs, JobTransition transition, IReadOnlyCollection<string> jobIds, int attempt)
    {
        var from = transition.From;
        return jobs.Where(job => jobIds.Contains(job.Id) && from.Contains(job.State) && job.Attempt == attempt);
    }

    /// <summary>
    /// The job, if a fenced transition is allowed from its state and the lease is its current one. A database that has lost its last
    /// commits may give the same attempt number to two workers, so the number alone does not identify the holder.
    /// </summary>
    public static IQueryable<JobRow> WhereHeld(this IQueryable<JobRow> jobs, JobTransition transition, Lease lease) =>
        jobs.WhereAllowed(transition, lease.JobId, lease.Attempt).Where(job => job.Worker == lease.Worker);

    /// <summary>The job, if a fenced transition is allowed from its state and this is its last attempt.</summary>
    public static IQueryable<JobRow> WhereAllowed(this IQueryable<JobRow> jobs, JobTransition transition, string jobId, int attempt)
    {
        var from = transition.From;
        return jobs.Where(job => job.Id == jobId && from.Contains(job.State) && job.Attempt == attempt);
    }

    /// <summary>
    /// Makes the transition: sets the new state and the other columns that change with it. Every transition raises the version, but for a
    /// renewal, which need not change anything that is visible.
    /// </summary>
    /// <returns>Number of jobs that were changed.</returns>
    public static int Transition(
        this IQueryable<JobRow> expected,
        JobTransition transition,
        Action<UpdateSettersBuilder<JobRow>>? also = null)
    {
        var to = transition.To;
        return expected.ExecuteUpdate(change =>
        {
            change.SetProperty(job => job.State, to);
            if (transition.Name != JobTransitions.Renew.Name)
            {
                change.RaiseVersion();
            }

            if (to != JobState.Running)
            {
                change.SetProperty(job => job.LeaseUntil, (double?)null).SetProperty(job => job.Worker, (string?)null);
            }

            also?.Invoke(change);
        });
    }

    /// <summary>Adds a change that readers of the job's sweeps can see to the statement.</summary>
    public static UpdateSettersBuilder<JobRow> RaiseVersion(this UpdateSettersBuilder<JobRow> change) =>
        change.SetProperty(job => job.Version, job => job.Version + 1);

    /// <summary>
    /// Records that something visible has changed beside the rows of these jobs, such as an attempt. Must precede that change, because
    /// jobs are locked before attempts.
    /// </summary>
    public static void RaiseVersions(this IQueryable<JobRow> jobs) => jobs.ExecuteUpdate(change => change.RaiseVersion());

    /// <summary>Records a change of these sweeps that readers can see.</summary>
    public static UpdateSettersBuilder<SweepRow> RaiseVersion(this UpdateSettersBuilder<SweepRow> change) =>
        change.SetProperty(sweep => sweep.Version, sweep => sweep.Version + 1);
}

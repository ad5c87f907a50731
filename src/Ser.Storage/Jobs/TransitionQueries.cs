using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Turns a transition of <see cref="JobTransitions"/> into the condition and the new state of a statement.</summary>
internal static class TransitionQueries
{
    /// <summary>The jobs in a state from which an unfenced transition is allowed.</summary>
    public static IQueryable<JobRow> WhereAllowed(this IQueryable<JobRow> jobs, JobTransition transition, IReadOnlyCollection<string> jobIds)
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

    /// <summary>The job, if a fenced transition is allowed from its state and this is its last attempt.</summary>
    public static IQueryable<JobRow> WhereAllowed(this IQueryable<JobRow> jobs, JobTransition transition, string jobId, int attempt)
    {
        var from = transition.From;
        return jobs.Where(job => job.Id == jobId && from.Contains(job.State) && job.Attempt == attempt);
    }

    /// <summary>Makes the transition: sets the new state and the other columns that change with it.</summary>
    /// <returns>Number of jobs that were changed.</returns>
    public static int Transition(this IQueryable<JobRow> expected, JobTransition transition, Action<UpdateSettersBuilder<JobRow>>? also = null)
    {
        var to = transition.To;
        return expected.ExecuteUpdate(change =>
        {
            change.SetProperty(job => job.State, to);
            if (to != JobState.Running)
            {
                change.SetProperty(job => job.LeaseUntil, (double?)null).SetProperty(job => job.Worker, (string?)null);
            }

            also?.Invoke(change);
        });
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Turns a transition of the table into the guard and the new state of a statement.</summary>
internal static class JobGuards
{
    /// <summary>Those of the jobs that are where a transition that is not fenced expects them.</summary>
    public static IQueryable<JobRow> Expecting(this IQueryable<JobRow> jobs, JobTransition transition, IReadOnlyCollection<string> jobIds)
    {
        if (transition.Fenced)
        {
            throw new InvalidOperationException($"The transition {transition.Name} is fenced: say which attempt it expects.");
        }

        var from = transition.From;
        return jobs.Where(job => jobIds.Contains(job.Id) && from.Contains(job.State));
    }

    /// <summary>Those of the jobs that are where a fenced transition expects them and whose last attempt is this one.</summary>
    public static IQueryable<JobRow> Expecting(this IQueryable<JobRow> jobs, JobTransition transition, IReadOnlyCollection<string> jobIds, int attempt)
    {
        var from = transition.From;
        return jobs.Where(job => jobIds.Contains(job.Id) && from.Contains(job.State) && job.Attempt == attempt);
    }

    /// <summary>The job, if it is where a fenced transition expects it and this attempt is its last.</summary>
    public static IQueryable<JobRow> Expecting(this IQueryable<JobRow> jobs, JobTransition transition, string jobId, int attempt)
    {
        var from = transition.From;
        return jobs.Where(job => job.Id == jobId && from.Contains(job.State) && job.Attempt == attempt);
    }

    /// <summary>Makes the transition: the state that it leaves, and what else changes with it.</summary>
    /// <returns>How many jobs were where the transition expects them.</returns>
    public static int Make(this IQueryable<JobRow> expected, JobTransition transition, Action<UpdateSettersBuilder<JobRow>>? also = null)
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

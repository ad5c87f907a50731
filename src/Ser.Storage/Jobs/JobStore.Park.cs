using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public bool Park(Lease lease, string log) => database.Write(db =>
    {
        bool held = db.Jobs.WhereHeld(JobTransitions.Park, lease).Transition(JobTransitions.Park, change => change
            .SetProperty(job => job.EliminatedByHalving, false)
            .SetProperty(job => job.Error, (string?)null)) == 1;
        if (held)
        {
            End(db, [lease.JobId], lease.Attempt, AttemptOutcome.Parked, "arms are compared after this epoch", log);

            // A sweep without successive halving may have been submitted while the job ran; then it continues at once.
            db.Jobs.WhereAllowed(JobTransitions.Promote, [lease.JobId])
                .Where(job => job.Rung == int.MaxValue)
                .Transition(JobTransitions.Promote);
        }

        return held;
    });

    /// <inheritdoc/>
    public int Promote(IReadOnlyCollection<string> jobIds, int rung) => database.Write(db =>
    {
        database.LockJobs(db, jobIds);
        return db.Jobs.WhereAllowed(JobTransitions.Promote, jobIds).Transition(JobTransitions.Promote, change => change
            .SetProperty(job => job.Rung, rung)
            .SetProperty(job => job.EliminatedByHalving, false)
            .SetProperty(job => job.Error, (string?)null));
    });

    /// <inheritdoc/>
    public void Eliminate(IReadOnlyCollection<string> jobIds, string why) => database.Write(db =>
    {
        database.LockJobs(db, jobIds);
        return db.Jobs.Where(job => jobIds.Contains(job.Id) && job.State == JobState.Parked)
            .ExecuteUpdate(change => change
                .SetProperty(job => job.EliminatedByHalving, true)
                .SetProperty(job => job.Error, why)
                .RaiseVersion());
    });
}

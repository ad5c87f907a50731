using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Recurring;

/// <summary>Submits sweeps that are due. Their inputs were made available to workers when they were scheduled.</summary>
public sealed class ScheduledSweeps(ISweepCommands sweeps, IJobReads reads, ILogger<ScheduledSweeps> log)
{
    /// <summary>Submits the sweep, if it is still scheduled.</summary>
    public void Submit(string name)
    {
        if (reads.Schedules().FirstOrDefault(schedule => schedule.Name == name) is { } due)
        {
            due.RequireReadable();
            var outcome = sweeps.Submit(due.Plan);
            log.LogInformation(
                "{Sweep} was submitted on schedule: {Planned} jobs, {Reused} already done, {Revived} restarted",
                name, outcome.Planned, outcome.Reused, outcome.Revived);
        }
    }
}

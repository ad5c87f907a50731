using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Recurring;

/// <summary>Submits a sweep that is due. Its inputs were put where workers find them when it was scheduled.</summary>
public sealed class ScheduledSweeps(IJobStore jobs, IJobReads reads, ILogger<ScheduledSweeps> log)
{
    /// <summary>Submits it, if it is still scheduled.</summary>
    public void Submit(string name)
    {
        if (reads.Schedules().FirstOrDefault(schedule => schedule.Name == name) is { } due)
        {
            var outcome = jobs.Submit(due.Plan);
            log.LogInformation("{Sweep} was due: {Planned} jobs, {Reused} done already, {Revived} revived", name, outcome.Planned, outcome.Reused, outcome.Revived);
        }
    }
}

using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Recurring;

/// <summary>Keeps Hangfire's recurring jobs what the job store says: the upkeep, and every sweep on a schedule.</summary>
public sealed class ClockWork(IRecurringJobManager recurring, JobStorage storage, IJobReads reads, TimeProvider clock, ILogger<ClockWork> log) : BackgroundService
{
    private const string UpkeepId = "upkeep";
    private const string Sweep = "sweep: ";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, (string Cron, string Zone)> set = [];
    private bool keepsUp;

    /// <summary>One round.</summary>
    public void RunOnce()
    {
        if (!keepsUp)
        {
            recurring.AddOrUpdate<Upkeep>(UpkeepId, upkeep => upkeep.RunOnce(), Cron.Hourly(17));
            keepsUp = true;
        }

        var wanted = reads.Schedules();
        foreach (var schedule in wanted.Where(schedule => set.GetValueOrDefault(schedule.Name) != (schedule.Cron, schedule.Zone)))
        {
            string name = schedule.Name;
            recurring.AddOrUpdate<ScheduledSweeps>(Sweep + name, sweeps => sweeps.Submit(name), schedule.Cron, new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Zone) });
            set[name] = (schedule.Cron, schedule.Zone);
        }

        using var connection = storage.GetConnection();
        foreach (var job in connection.GetRecurringJobs().Where(job => job.Id.StartsWith(Sweep, StringComparison.Ordinal) && !wanted.Any(schedule => Sweep + schedule.Name == job.Id)))
        {
            recurring.RemoveIfExists(job.Id);
            set.Remove(job.Id[Sweep.Length..]);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await Task.Run(RunOnce, stoppingToken);
            }
            catch (Exception away) when (away is StorageException or System.Data.Common.DbException or BackgroundJobClientException)
            {
                log.LogWarning("the clock's store is away: {Why}", away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

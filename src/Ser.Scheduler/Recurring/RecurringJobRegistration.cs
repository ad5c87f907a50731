using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Recurring;

/// <summary>Keeps Hangfire's recurring jobs in line with the job store: one for the upkeep and one for each scheduled sweep.</summary>
public sealed class RecurringJobRegistration(
    IRecurringJobManager recurring,
    JobStorage storage,
    IJobReads reads,
    FailureIsolation isolation,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<RecurringJobRegistration> log) : BackgroundService
{
    private const string UpkeepId = "upkeep";
    private const string SweepPrefix = "sweep: ";
    private bool _isUpkeepRegistered;

    /// <summary>Registers new and changed schedules and removes deleted ones.</summary>
    public void RunOnce()
    {
        if (!_isUpkeepRegistered)
        {
            recurring.AddOrUpdate<Upkeep>(UpkeepId, upkeep => upkeep.RunOnce(), Cron.Hourly(17));
            _isUpkeepRegistered = true;
        }

        // The jobs are read before the schedules: a schedule that another scheduler adds in between is then not taken for a deleted one.
        using var connection = storage.GetConnection();
        var registered = connection.GetRecurringJobs()
            .Where(job => job.Id.StartsWith(SweepPrefix, StringComparison.Ordinal))
            .ToDictionary(job => job.Id, job => new Timing(job.Cron, job.TimeZoneId));
        var schedules = reads.Schedules();
        foreach (var schedule in schedules)
        {
            var timing = registered.GetValueOrDefault(SweepPrefix + schedule.Name);
            isolation.Run("schedule", schedule.Name, () => Register(schedule, timing));
        }

        var ids = schedules.Select(schedule => SweepPrefix + schedule.Name);
        foreach (string deleted in registered.Keys.Except(ids))
        {
            recurring.RemoveIfExists(deleted);
        }
    }

    private void Register(SweepSchedule schedule, Timing? registered)
    {
        schedule.RequireReadable();
        if (registered != new Timing(schedule.Cron, schedule.Zone))
        {
            string name = schedule.Name;
            var options = new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Zone) };
            recurring.AddOrUpdate<ScheduledSweeps>(SweepPrefix + name, sweeps => sweeps.Submit(name), schedule.Cron, options);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(timings.RecurringRegistrationInterval, clock);
        do
        {
            try
            {
                // Hangfire's storage fails in its own ways, such as a lock that a scheduler left behind when it was killed.
                await isolation.RunAsync("loop", "recurring jobs", () => Task.Run(RunOnce, stoppingToken));
            }
            catch (StorageException away)
            {
                log.LogWarning("the storage of recurring jobs is not available: {Why}", away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private sealed record Timing(string Cron, string Zone);
}

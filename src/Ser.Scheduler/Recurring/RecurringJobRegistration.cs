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
    private readonly Dictionary<string, Timing> _registered = [];
    private bool _isUpkeepRegistered;

    /// <summary>Registers new and changed schedules and removes deleted ones.</summary>
    public void RunOnce()
    {
        if (!_isUpkeepRegistered)
        {
            recurring.AddOrUpdate<Upkeep>(UpkeepId, upkeep => upkeep.RunOnce(), Cron.Hourly(17));
            _isUpkeepRegistered = true;
        }

        var schedules = reads.Schedules();
        foreach (var schedule in schedules)
        {
            isolation.Run("schedule", schedule.Name, () => Register(schedule));
        }

        HashSet<string> ids = [.. schedules.Select(schedule => SweepPrefix + schedule.Name)];
        using var connection = storage.GetConnection();
        foreach (var job in connection.GetRecurringJobs())
        {
            if (job.Id.StartsWith(SweepPrefix, StringComparison.Ordinal) && !ids.Contains(job.Id))
            {
                recurring.RemoveIfExists(job.Id);
                _registered.Remove(job.Id[SweepPrefix.Length..]);
            }
        }
    }

    private void Register(SweepSchedule schedule)
    {
        schedule.RequireReadable();
        string name = schedule.Name;
        var timing = new Timing(schedule.Cron, schedule.Zone);
        if (_registered.GetValueOrDefault(name) != timing)
        {
            var options = new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Zone) };
            recurring.AddOrUpdate<ScheduledSweeps>(SweepPrefix + name, sweeps => sweeps.Submit(name), schedule.Cron, options);
            _registered[name] = timing;
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

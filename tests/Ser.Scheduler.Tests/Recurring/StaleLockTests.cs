using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Ser.Scheduler.Recurring;
using Ser.Storage.Data;
using Ser.Storage.Recurring;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Recurring;

/// <summary>A scheduler that died left the row of a lock in Hangfire's tables, on a real database.</summary>
public sealed class StaleLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly DataFolder _data;
    private readonly ServiceProvider _services;

    public StaleLockTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _services = new ServiceCollection().AddLogging().AddRecurringJobsOnPostgres(_database.ConnectionString).BuildServiceProvider();
    }

    public void Dispose()
    {
        _services.Dispose();
        _data.Dispose();
        _folder.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void A_lock_older_than_the_limit_is_removed_and_the_jobs_are_registered()
    {
        var storage = _services.GetRequiredService<JobStorage>();
        LeaveLock(RecurringJobStorage.StaleLockAge + TimeSpan.FromSeconds(1));
        Create(storage).RunOnce();
        using var connection = storage.GetConnection();
        Assert.Equal(["upkeep"], connection.GetRecurringJobs().Select(job => job.Id));
    }

    [Fact]
    public async Task A_fresh_lock_is_a_failed_round_that_is_repeated_and_ends_nothing()
    {
        var storage = _services.GetRequiredService<JobStorage>();
        LeaveLock(TimeSpan.Zero);
        var isolation = CreateIsolation();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var registration = Create(storage, isolation);
        await registration.StartAsync(stop.Token);

        // Hangfire waits for the lock for 15 s.
        Assert.True(SpinWait.SpinUntil(() => isolation.Failing.Count > 0, TimeSpan.FromMinutes(1)));
        Assert.False(registration.ExecuteTask!.IsCompleted);
        _database.Run("DELETE FROM hangfire.lock");
        using var connection = storage.GetConnection();
        Assert.True(SpinWait.SpinUntil(() => connection.GetRecurringJobs().Count == 1, TimeSpan.FromMinutes(1)));
        await stop.CancelAsync();
    }

    private void LeaveLock(TimeSpan age)
    {
        string seconds = FormattableString.Invariant($"{age.TotalSeconds}");
        _database.Run(
            "INSERT INTO hangfire.lock (resource, updatecount, acquired) "
            + $"VALUES ('hangfire:lock:recurring-job:upkeep', 0, now() at time zone 'utc' - interval '{seconds} seconds')");
    }

    private RecurringJobRegistration Create(JobStorage storage, FailureIsolation? isolation = null) => new(
        new RecurringJobManager(storage),
        storage,
        _data.Reads,
        isolation ?? CreateIsolation(),
        new SchedulerTimings { RecurringRegistrationInterval = TimeSpan.FromSeconds(1) },
        TimeProvider.System,
        NullLogger<RecurringJobRegistration>.Instance);

    private FailureIsolation CreateIsolation() =>
        new(_data.Jobs.Audit, new SchedulerTimings(), TimeProvider.System, NullLogger<FailureIsolation>.Instance);
}

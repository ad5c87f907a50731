using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.Storage.Outages;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests;

/// <summary>Work that fails is set aside, seen, and tried again; other work goes on.</summary>
public sealed class FailureIsolationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly SchedulerTimings _timings = new();
    private readonly DataFolder _data;
    private readonly FailureIsolation _isolation;

    public FailureIsolationTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _isolation = new FailureIsolation(_data.Jobs.Audit, _timings, _clock, NullLogger<FailureIsolation>.Instance);
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_fails_is_tried_again_after_a_pause_that_doubles_and_is_seen_until_it_succeeds()
    {
        int runs = 0;
        void Fail()
        {
            runs++;
            throw new KeyNotFoundException("no FineTune");
        }

        Assert.False(_isolation.Run("sweep", "a", Fail));
        Assert.False(_isolation.Run("sweep", "a", Fail));
        Assert.Equal(1, runs);
        _clock.Advance(_timings.FailureFirstDelay);
        Assert.False(_isolation.Run("sweep", "a", Fail));
        _clock.Advance(_timings.FailureFirstDelay);
        Assert.False(_isolation.Run("sweep", "a", Fail));
        Assert.Equal(2, runs);
        Assert.Equal(new FailingWork("sweep", "a", "KeyNotFoundException: no FineTune", 2), Assert.Single(_isolation.Failing));
        var entry = Assert.Single(_data.Reads.SearchAudit(null, 0, 10).Entries);
        Assert.Equal(("scheduler", "set aside sweep a"), (entry.Who, entry.What));

        Assert.True(_isolation.Run("sweep", "b", () => { }));
        _clock.Advance(_timings.FailureFirstDelay);
        Assert.True(_isolation.Run("sweep", "a", () => { }));
        Assert.Empty(_isolation.Failing);
    }

    [Fact]
    public void What_nobody_runs_any_more_is_forgotten()
    {
        void Fail() => throw new KeyNotFoundException();
        _isolation.Run("sweep", "withdrawn", Fail);
        _clock.Advance(_timings.FailureMaxDelay * 3);
        Assert.Single(_isolation.Failing);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_isolation.Failing);
    }

    [Fact]
    public void An_outage_is_not_a_failure_of_the_work()
    {
        void Fail() => throw new StorageException("the store is unavailable");
        Assert.Throws<StorageException>(() => _isolation.Run("sweep", "a", Fail));
        Assert.Empty(_isolation.Failing);
    }

    [Fact]
    public async Task A_part_of_the_maintenance_that_fails_does_not_stop_the_others()
    {
        var runs = new List<string>();
        MaintenanceTask Part(string name, TimeSpan interval = default) => MaintenanceTask.Create(name, () => runs.Add(name), interval);
        void Fail() => throw new OverflowException();
        MaintenanceTask[] parts =
        [
            Part("first"), MaintenanceTask.Create("broken", Fail), Part("last"), Part("rare", _timings.QuarantineInterval),
        ];
        var outages = new EndProcess();
        using var maintenance = new Maintenance(parts, _isolation, outages, _timings, _clock, NullLogger<Maintenance>.Instance);
        await maintenance.RunOnceAsync(TestContext.Current.CancellationToken);
        await maintenance.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["first", "last", "rare", "first", "last"], runs);
        _clock.Advance(_timings.QuarantineInterval);
        await maintenance.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["first", "last", "rare"], runs[5..]);
        Assert.Equal("broken", Assert.Single(_isolation.Failing).Name);
    }
}

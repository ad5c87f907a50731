using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Sweeps on a schedule: <see cref="ISweepSchedules"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void A_schedule_replaces_one_of_its_name_and_is_deleted_once()
    {
        var store = Store();
        store.Schedules.Schedule(new SweepSchedule("nightly", "0 3 * * *", "Etc/UTC", Plans.Sweep("nightly", "A")));
        store.Schedules.Schedule(new SweepSchedule("nightly", "0 4 * * *", "Etc/UTC", Plans.Sweep("nightly", "A", "B")));

        var stored = Assert.Single(Reads().Schedules());
        Assert.Equal(("nightly", "0 4 * * *", 6), (stored.Name, stored.Cron, stored.Plan.Jobs.Count));
        Assert.True(store.Schedules.Unschedule("nightly"));
        Assert.False(store.Schedules.Unschedule("nightly"));
        Assert.Empty(Reads().Schedules());
        Assert.Empty(Reads().Sweeps());
    }
}

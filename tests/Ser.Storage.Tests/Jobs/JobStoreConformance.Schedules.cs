using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Sweeps on a schedule: <see cref="ISweepSchedules"/>.</summary>
public abstract partial class JobStoreConformance
{
    /// <summary>Changes the text of a stored plan.</summary>
    protected abstract void DamageSchedule(string name);

    [Fact]
    public void A_schedule_that_cannot_be_read_says_so_and_hides_no_other()
    {
        Store().Schedules.Schedule(new SweepSchedule("bad", "0 1 * * *", "UTC", Plans.Sweep("bad", "A")));
        Store().Schedules.Schedule(new SweepSchedule("good", "0 1 * * *", "UTC", Plans.Sweep("good", "A")));
        DamageSchedule("bad");
        var (bad, good) = (Reads().Schedules()[0], Reads().Schedules()[1]);
        Assert.Contains("cannot be read", Assert.Throws<InputException>(bad.RequireReadable).Message, StringComparison.Ordinal);
        Assert.Equal((null, 3), (good.Problem, good.Plan.Jobs.Count));
    }

    [Fact]
    public void A_policy_or_hint_beyond_the_limits_of_an_experiment_file_is_refused_however_it_is_submitted()
    {
        var sweep = Plans.Sweep("one", "A");
        Assert.Throws<InputException>(() => Store().Sweeps.Submit(sweep with { Terms = new SweepTerms { Priority = 1001 } }));
        Assert.Throws<InputException>(() => Store().Sweeps.Submit(sweep with { Terms = new SweepTerms { Weight = double.NaN } }));
        Assert.Throws<InputException>(() => Store().Sweeps.Submit(sweep.With(new JobHints { StallAfter = 1e300 })));
        Assert.Throws<InputException>(() => Store().Sweeps.Submit(sweep.With(new JobHints { StallAfter = 9 })));
        Assert.Throws<InputException>(() => Store().Sweeps.Submit(sweep.With(new JobHints { Needs = new JobNeeds(null, 10_001, []) })));
        Assert.Empty(Reads().SweepNames());
    }

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

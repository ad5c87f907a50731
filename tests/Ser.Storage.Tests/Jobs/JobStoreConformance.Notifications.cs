using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Which ends of sweeps were reported: <see cref="ISweepNotifications"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void An_end_awaits_its_notification_until_it_is_recorded_and_again_when_the_sweep_was_resumed()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        Assert.Empty(Reads().SweepsAwaitingNotification());
        store.Sweeps.CancelSweep("one");
        var ended = Assert.Single(Reads().SweepsAwaitingNotification());
        Assert.Equal(("one", SweepState.Cancelled), (ended.Name, ended.State));

        store.Notifications.RecordNotification("one", ended.State);
        Assert.Empty(Reads().SweepsAwaitingNotification());
        store.Sweeps.ResumeSweep("one");
        store.Sweeps.CancelSweep("one");
        Assert.Single(Reads().SweepsAwaitingNotification());
    }
}

using Ser.Domain.Workers;

namespace Ser.Storage.Tests.Workers;

/// <summary>What every <see cref="IWorkerRegistry"/> must do.</summary>
public abstract class WorkerRegistryConformance
{
    protected abstract IWorkerRegistry Registry();

    /// <summary>Makes a worker silent for some seconds more.</summary>
    protected abstract void Silence(string name, double seconds);

    [Fact]
    public void A_name_is_its_holders_until_it_falls_silent_or_leaves()
    {
        var registry = Registry();
        Assert.True(registry.Register(Worker("a", "one")));
        Assert.True(registry.Register(Worker("a", "one")));
        Assert.False(registry.Register(Worker("a", "two")));
        Assert.Equal("one", registry.All().Single().Instance);

        Silence("a", WorkerInfo.AliveWindow.TotalSeconds + 1);
        Assert.True(registry.Register(Worker("a", "two")));
        Assert.Equal("two", registry.All().Single().Instance);

        registry.Unregister("a", "one");
        Assert.Single(registry.All());
        registry.Unregister("a", "two");
        Assert.Empty(registry.All());
        Assert.True(registry.Register(Worker("a", "three")));
    }

    [Fact]
    public void Everything_that_a_worker_reports_is_found_by_its_name()
    {
        var registry = Registry();
        registry.Register(Worker("b", "two"));
        registry.Register(Worker("a", "one") with { Device = "cuda", Slots = 3, Labels = ["big", "new"] });
        registry.Heartbeat("a", "one", ["x", "y"]);
        var all = registry.All();
        Assert.Equal(["a", "b"], all.Select(worker => worker.Name));
        Assert.Equal(("cuda", 3, "host"), (all[0].Device, all[0].Slots, all[0].Host));
        Assert.Equal(["big", "new"], all[0].Labels);
        Assert.Equal(["x", "y"], all[0].Running);
        Assert.Empty(all[1].Running);
    }

    [Fact]
    public void An_order_reaches_its_worker_and_not_the_next_one_by_the_same_name()
    {
        var registry = Registry();
        Assert.False(registry.Drain("a", WorkerOrder.Drain));
        registry.Register(Worker("a", "one"));
        Assert.Equal(WorkerOrder.Work, registry.Heartbeat("a", "one", []));
        Assert.True(registry.Drain("a", WorkerOrder.ReleaseJobs));
        Assert.Equal(WorkerOrder.ReleaseJobs, registry.Heartbeat("a", "one", []));
        Assert.True(registry.All().Single().Draining);

        registry.Unregister("a", "one");
        registry.Register(Worker("a", "two"));
        Assert.Equal(WorkerOrder.Work, registry.Heartbeat("a", "two", []));
    }

    [Fact]
    public void Who_has_lost_its_name_changes_nothing()
    {
        var registry = Registry();
        registry.Register(Worker("a", "one"));
        Silence("a", WorkerInfo.AliveWindow.TotalSeconds + 1);
        registry.Register(Worker("a", "two"));
        registry.Drain("a", WorkerOrder.Drain);
        Assert.Equal(WorkerOrder.Work, registry.Heartbeat("a", "one", ["x"]));
        Assert.Empty(registry.All().Single().Running);
    }

    [Fact]
    public void Who_is_silent_is_seen_to_be_and_is_forgotten_after_a_day()
    {
        var registry = Registry();
        registry.Register(Worker("a", "one"));
        Assert.True(registry.All().Single().IsAliveAt(Now));
        Silence("a", 60);
        Assert.False(registry.All().Single().IsAliveAt(Now));
        Silence("a", 86_400);
        Assert.Empty(registry.All());
    }

    [Fact]
    public void A_quarantine_lasts_until_it_is_lifted_whatever_the_worker_does()
    {
        var registry = Registry();
        Assert.False(registry.Quarantine("a", "no such worker"));
        registry.Register(Worker("a", "one"));
        Assert.False(registry.Reinstate("a"));
        Assert.True(registry.Quarantine("a", "everything failed"));
        Assert.False(registry.Quarantine("a", "once more"));
        Assert.Equal(WorkerOrder.Quarantine, registry.Heartbeat("a", "one", []));
        Assert.Equal("everything failed", registry.All().Single().Quarantined);

        registry.Unregister("a", "one");
        registry.Register(Worker("a", "one"));
        Assert.Equal(WorkerOrder.Quarantine, registry.Heartbeat("a", "one", []));
        Assert.True(registry.All().Single().Draining);

        Assert.True(registry.Reinstate("a"));
        Assert.Equal(WorkerOrder.Work, registry.Heartbeat("a", "one", []));
        var free = registry.All().Single();
        Assert.Null(free.Quarantined);
        Assert.InRange(free.Reinstated, Now.ToUnixTimeSeconds() - 60, Now.ToUnixTimeSeconds() + 60);
        registry.Drain("a", WorkerOrder.Drain);
        Assert.False(registry.Quarantine("a", "it drains"));
    }

    /// <summary>The time of the registry's clock.</summary>
    protected abstract DateTimeOffset Now { get; }

    private static WorkerInfo Worker(string name, string instance) =>
        new() { Name = name, Instance = instance, Host = "host", Device = "cpu", Slots = 1 };
}

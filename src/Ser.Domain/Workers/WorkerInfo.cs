namespace Ser.Domain.Workers;

/// <summary>A worker, as it says itself.</summary>
public sealed record WorkerInfo
{
    /// <summary>How long after it was last seen a worker counts as alive: a lease's length.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromSeconds(8);

    /// <summary>Its name, unique among those that are alive.</summary>
    public required string Name { get; init; }

    /// <summary>Tells this process from an earlier one of the same name.</summary>
    public required string Instance { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>cpu or cuda.</summary>
    public required string Device { get; init; }

    /// <summary>Memory of the device, or of the machine where it has none, in GiB.</summary>
    public double MemoryGiB { get; init; }

    /// <summary>Jobs that it runs at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>What its operator says of it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>When it was last seen, on the registry's clock.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>What it was told to do.</summary>
    public WorkerOrder Order { get; init; }

    /// <summary>What it last read off its machine; null: nothing yet.</summary>
    public WorkerReading? Reading { get; init; }

    /// <summary>Why it is in quarantine; null where it is not.</summary>
    public string? Quarantined { get; init; }

    /// <summary>When it was last released from quarantine, seconds since 1970; 0: never.</summary>
    public double Released { get; init; }

    /// <summary>Ids of the jobs that it runs.</summary>
    public IReadOnlyList<string> Running { get; init; } = [];

    /// <summary>Whether it takes no more jobs.</summary>
    public bool Draining => Order != WorkerOrder.Work;

    /// <summary>Whether it has been seen lately.</summary>
    public bool IsAliveAt(DateTimeOffset now) => now - LastSeen < Lately;
}

namespace Ser.Domain.Workers;

/// <summary>A worker and its status, as reported by itself.</summary>
public sealed record WorkerInfo
{
    /// <summary>Time after its last heartbeat for which a worker counts as alive: the length of a lease.</summary>
    public static readonly TimeSpan AliveWindow = TimeSpan.FromSeconds(8);

    /// <summary>Name, unique among live workers.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the process, which distinguishes it from an earlier process of the same name.</summary>
    public required string Instance { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }

    /// <summary>cpu or cuda.</summary>
    public required string Device { get; init; }

    /// <summary>Memory of the GPU, or of the machine if it has none, in GiB.</summary>
    public double MemoryGiB { get; init; }

    /// <summary>Number of jobs that it runs in parallel.</summary>
    public required int Slots { get; init; }

    /// <summary>Labels that its operator has given it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Time of the last heartbeat, on the registry's clock.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>What it should do.</summary>
    public WorkerOrder Order { get; init; }

    /// <summary>Latest resource usage; null before the first reading.</summary>
    public WorkerReading? Reading { get; init; }

    /// <summary>Why it is in quarantine; null if it is not.</summary>
    public string? Quarantined { get; init; }

    /// <summary>Time of its last reinstatement after a quarantine, in Unix seconds; 0 if there was none.</summary>
    public double Reinstated { get; init; }

    /// <summary>Ids of its running jobs.</summary>
    public IReadOnlyList<string> Running { get; init; } = [];

    /// <summary>Whether it takes no more jobs.</summary>
    public bool Draining => Order != WorkerOrder.Work;

    /// <summary>Whether it counts as alive at a given time.</summary>
    public bool IsAliveAt(DateTimeOffset now) => now - LastSeen < AliveWindow;
}

using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>What a worker process is.</summary>
/// <param name="Name">Its name in job rows.</param>
/// <param name="Slots">Jobs that it runs at a time.</param>
/// <param name="Scratch">Local folder for results in the making.</param>
/// <param name="Cache">What jobs share and can make again.</param>
/// <param name="Sweep">Only jobs of this sweep; null: of any.</param>
/// <param name="Facts">What makes the results, for their manifests; null: as this machine and its libtorch say.</param>
public sealed record WorkerSettings(string Name, int Slots, string Scratch, ISharedCache Cache, string? Sweep = null, IReadOnlyDictionary<string, string>? Facts = null)
{
    /// <summary>cpu or cuda, for those who look.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What jobs that need something are held against; null: it takes any, since there is no other worker.</summary>
    public WorkerAbility? Can { get; init; }

    /// <summary>What its operator says of it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Ends by itself after so long without a job; null: waits for jobs for ever.</summary>
    public TimeSpan? IdleAfter { get; init; }

    /// <summary>Ends by itself, as on a request to stop, after so long; null: never.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>When asked to stop, jobs whose step has not ended by then are handed back as they are; null: every step is waited for.</summary>
    public TimeSpan? StopWithin { get; init; }
}

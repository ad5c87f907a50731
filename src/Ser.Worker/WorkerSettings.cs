using Ser.Domain.Jobs;
using Ser.Storage.Workers;

namespace Ser.Worker;

/// <summary>Configuration of a worker process.</summary>
/// <param name="Name">Its name in the job store.</param>
/// <param name="Slots">Number of jobs that it runs at a time.</param>
/// <param name="Scratch">Local folder for unfinished results.</param>
/// <param name="Cache">Files that jobs share and that can be recomputed.</param>
/// <param name="Sweep">Run only jobs of this sweep; null: of any sweep.</param>
/// <param name="Facts">Machine and software facts for the manifests of results; null: read from this machine and its libtorch.</param>
public sealed record WorkerSettings(
    string Name,
    int Slots,
    string Scratch,
    ISharedCache Cache,
    string? Sweep = null,
    IReadOnlyDictionary<string, string>? Facts = null)
{
    /// <summary>cpu or cuda, for display and to decide whether the GPU is read.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Capabilities that the requirements of jobs are matched against; null: takes any job, as the only worker.</summary>
    public WorkerCapabilities? Ability { get; init; }

    /// <summary>The cores that the worker shares with others of its machine.</summary>
    public MachineCores Cores { get; init; } = MachineCores.OfThisMachine;

    /// <summary>Labels that the operator has given the worker.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The worker ends after this long without a job; null: it waits for jobs forever.</summary>
    public TimeSpan? IdleAfter { get; init; }

    /// <summary>The worker ends after this long as if a stop had been requested; null: never.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Intervals and limits.</summary>
    public WorkerTimings Timings { get; init; } = new();

    /// <summary>On a stop, jobs whose step has not ended within this time are released; null: waits for every step.</summary>
    public TimeSpan? StopWithin { get; init; }
}

namespace Ser.Worker;

/// <summary>What a worker process is.</summary>
/// <param name="Name">Its name in job rows.</param>
/// <param name="Slots">Jobs that it runs at a time.</param>
/// <param name="Scratch">Local folder for results in the making.</param>
/// <param name="Cache">Local folder for what jobs share and can make again.</param>
/// <param name="Sweep">Only jobs of this sweep; null: of any.</param>
/// <param name="Facts">What makes the results, for their manifests; null: as this machine and its libtorch say.</param>
public sealed record WorkerSettings(string Name, int Slots, string Scratch, string Cache, string? Sweep = null, IReadOnlyDictionary<string, string>? Facts = null);

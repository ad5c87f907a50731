namespace Ser.Storage;

/// <summary>What a host does when a store is unavailable.</summary>
/// <param name="RetryDelay">How long it waits before it tries again; null: it ends, because a failing disk does not recover by waiting.</param>
public sealed record OutagePolicy(TimeSpan? RetryDelay)
{
    /// <summary>For a data folder: the host ends.</summary>
    public static OutagePolicy Stop { get; } = new((TimeSpan?)null);

    /// <summary>For a farm: servers come back, and leases that were held before the outage are still valid then.</summary>
    public static OutagePolicy Retry { get; } = new(TimeSpan.FromSeconds(2));
}

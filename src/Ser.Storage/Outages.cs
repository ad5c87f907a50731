namespace Ser.Storage;

/// <summary>What a host does when a store does not answer.</summary>
/// <param name="Pause">How long it waits before it tries again; null: it ends, since a disk that fails is not waited for.</param>
public sealed record Outages(TimeSpan? Pause)
{
    /// <summary>Of a data folder.</summary>
    public static Outages End { get; } = new((TimeSpan?)null);

    /// <summary>Of a farm: servers come back, and whoever held a lease before still holds it then.</summary>
    public static Outages WaitFor { get; } = new(TimeSpan.FromSeconds(2));
}

using Ser.Chaos.Proxies;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Farm;

/// <summary>A process of the farm with its proxies to the servers.</summary>
/// <param name="Process">The scheduler or a worker.</param>
/// <param name="Proxies">A proxy for each server.</param>
internal sealed record FarmMember(FarmProcess Process, IReadOnlyDictionary<Server, Proxy> Proxies) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        foreach (var proxy in Proxies.Values)
        {
            proxy.Dispose();
        }
    }
}

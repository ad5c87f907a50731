using Ser.Chaos.Proxies;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Farm;

/// <summary>A process of the farm with its proxies to the servers.</summary>
/// <param name="Process">The scheduler or a worker.</param>
/// <param name="Ways">A proxy for each server.</param>
internal sealed record Member(FarmProcess Process, IReadOnlyDictionary<Server, Proxy> Ways) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        foreach (var proxy in Ways.Values)
        {
            proxy.Dispose();
        }
    }
}

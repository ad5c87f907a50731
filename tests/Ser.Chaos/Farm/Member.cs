using Ser.Chaos.Proxies;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Farm;

/// <summary>A process of the farm and its ways to the servers.</summary>
/// <param name="Process">Scheduler or worker.</param>
/// <param name="Ways">One for each server.</param>
internal sealed record Member(FarmProcess Process, IReadOnlyDictionary<Server, Proxy> Ways) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        foreach (var way in Ways.Values)
        {
            way.Dispose();
        }
    }
}

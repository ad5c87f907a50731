using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Ser.Dashboard.Authentication;

/// <summary>Keeps data protection keys in memory, so that they are lost when the process ends.</summary>
internal sealed class InMemoryKeyRepository : IXmlRepository
{
    private readonly List<XElement> keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (keys)
        {
            return [.. keys];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (keys)
        {
            keys.Add(element);
        }
    }
}

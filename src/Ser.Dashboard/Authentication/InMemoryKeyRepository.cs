using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Ser.Dashboard.Authentication;

/// <summary>Keeps data protection keys in memory, so that they are lost when the process ends.</summary>
internal sealed class InMemoryKeyRepository : IXmlRepository
{
    private readonly List<XElement> _keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_keys)
        {
            return [.. _keys];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_keys)
        {
            _keys.Add(element);
        }
    }
}

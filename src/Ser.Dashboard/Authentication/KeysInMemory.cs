using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Ser.Dashboard.Authentication;

/// <summary>Keys that end with the process.</summary>
internal sealed class KeysInMemory : IXmlRepository
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

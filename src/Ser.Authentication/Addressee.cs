using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ser.Authentication;

/// <summary>Whether a request is meant for this host, and comes from its own page.</summary>
public static class Addressee
{
    /// <summary>Whether the host is an address or one of these names. An address cannot be rebound to another machine; a name can.</summary>
    public static bool IsHost(HttpRequest request, IReadOnlyList<string> names) =>
        IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out _) || names.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether no page of another site has sent it.</summary>
    public static bool IsOwnPage(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}

using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ser.Authentication;

/// <summary>Checks of the Host and Origin headers, which protect against DNS rebinding and cross-site requests.</summary>
public static class RequestOrigin
{
    /// <summary>
    /// Whether the Host header is an IP address or one of these names. An attacker can make a foreign name resolve to this machine, but
    /// not an address.
    /// </summary>
    public static bool IsAllowedHost(HttpRequest request, IReadOnlyList<string> names)
    {
        string host = request.Host.Host;
        return IPAddress.TryParse(host.Trim('[', ']'), out _) || names.Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the request does not come from a page of another site.</summary>
    public static bool IsSameOrigin(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}

using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ser.Authentication;

/// <summary>Addresses on which a host listens.</summary>
public static class Listening
{
    /// <summary>Whether only this machine can reach these addresses.</summary>
    public static bool IsLoopback(IEnumerable<Uri> addresses) =>
        addresses.All(address => address.Host == "localhost" || IsLoopbackAddress(address.Host));

    private static bool IsLoopbackAddress(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip);

    /// <summary>Makes Kestrel listen on these addresses.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="addresses">http or https, an IP address or localhost, and a port.</param>
    /// <param name="certificate">PEM file of the certificate for https, or null.</param>
    /// <param name="key">PEM file of the certificate's key; null if the certificate's file contains it.</param>
    public static void Listen(this KestrelServerOptions kestrel, IEnumerable<Uri> addresses, string? certificate, string? key)
    {
        foreach (var address in addresses)
        {
            if (address.Host == "localhost")
            {
                kestrel.ListenLocalhost(address.Port, Configure);
            }
            else
            {
                kestrel.Listen(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port, Configure);
            }

            void Configure(ListenOptions endpoint)
            {
                if (address.Scheme == Uri.UriSchemeHttps)
                {
                    endpoint.UseHttps(X509Certificate2.CreateFromPemFile(certificate!, key));
                }
            }
        }
    }
}

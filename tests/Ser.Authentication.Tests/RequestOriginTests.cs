using Microsoft.AspNetCore.Http;

namespace Ser.Authentication.Tests;

public sealed class RequestOriginTests
{
    [Theory]
    [InlineData("127.0.0.1:5090", true)]
    [InlineData("[::1]:5090", true)]
    [InlineData("localhost:5090", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("", false)]
    public void A_host_is_an_address_or_a_known_name(string host, bool isAllowed) =>
        Assert.Equal(isAllowed, RequestOrigin.IsAllowedHost(Request(host, null), ["localhost"]));

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://127.0.0.1:5090", true)]
    [InlineData("http://127.0.0.1:5091", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public void A_page_of_another_site_is_not_of_this_origin(string? origin, bool isSame) =>
        Assert.Equal(isSame, RequestOrigin.IsSameOrigin(Request("127.0.0.1:5090", origin)));

    [Theory]
    [InlineData(true, "http://127.0.0.1:1", "http://localhost:2", "https://[::1]:3")]
    [InlineData(false, "http://127.0.0.1:1", "http://0.0.0.0:2")]
    [InlineData(false, "http://192.168.1.5:1")]
    public void A_host_is_reachable_from_this_machine_only_if_all_its_addresses_are(bool isLoopback, params string[] addresses) =>
        Assert.Equal(isLoopback, Listening.IsLoopback(addresses.Select(address => new Uri(address))));

    private static HttpRequest Request(string host, string? origin)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        return request;
    }
}

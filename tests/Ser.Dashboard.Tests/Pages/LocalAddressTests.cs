using Ser.Dashboard.Authentication;

namespace Ser.Dashboard.Tests.Pages;

/// <summary>After the sign-in a visitor is only ever sent to a page of this dashboard.</summary>
public sealed class LocalAddressTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("/sweeps/demo?arm=%C3%A4", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("/\t/evil.example", false)]
    [InlineData("/\r\n/evil.example", false)]
    [InlineData("/ä", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("evil", false)]
    public void Only_a_path_in_printable_ASCII_is_an_address_of_this_dashboard(string? address, bool isLocal) =>
        Assert.Equal(isLocal, SignInEndpoints.IsLocal(address));
}

using System.Net;
using Microsoft.Playwright;
using Ser.Authentication;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task The_link_opens_the_dashboard_once()
    {
        var page = await chromium.PageAsync();
        string link = chromium.Dashboard.Link;
        await page.GotoAsync(link);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Sweeps");
        var other = await chromium.PageAsync();
        await other.GotoAsync(link);
        await Assertions.Expect(other.GetByRole(AriaRole.Alert)).ToContainTextAsync("has been used");
        await other.GotoAsync(chromium.Dashboard.Address.ToString());
        await Assertions.Expect(other.GetByLabel("Token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task No_request_leaves_the_host_and_no_policy_is_broken()
    {
        var page = await chromium.PageAsync();
        var elsewhere = new List<string>();
        var complaints = new List<string>();
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { IsLoopback: false, Scheme: not ("data" or "blob") })
            {
                elsewhere.Add(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
        await page.GotoAsync(chromium.Dashboard.Link);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Empty(elsewhere);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Other_host_names_and_origins_are_refused_and_strangers_see_nothing()
    {
        Assert.SkipUnless(Chromium.IsInstalled, "the dashboard is started for browsers alone");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = chromium.Dashboard.Address };
        Assert.Equal((HttpStatusCode)421, (await SendAsync(client, "/", ("Host", "evil.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(client, "/sign-in", ("Origin", "http://evil.example"))).StatusCode);
        var stranger = await SendAsync(client, "/");
        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Contains("/sign-in", stranger.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", stranger.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(client, "/_blazor/negotiate?negotiateVersion=1")).StatusCode);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("token", "ser_x")]);
        var answer = await client.PostAsync("/sign-in", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_signs_in_with_its_role_and_a_wrong_one_does_not()
    {
        await using var own = await RunningDashboard.StartAsync(_ => { });
        string viewer = own.Tokens.Create("vera", Role.Viewer);
        var page = await chromium.PageAsync();
        await page.GotoAsync(own.Address.ToString());
        await page.GetByLabel("Token").FillAsync("ser_wrong");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not know the token");
        await page.GetByLabel("Token").FillAsync(viewer);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Locator(".who")).ToHaveTextAsync("vera (viewer)");
        await Assertions.Expect(page.Locator("h2")).ToHaveTextAsync("No sweep yet");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Token")).ToBeVisibleAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

using Microsoft.Playwright;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class OpenIdTests(Chromium chromium)
{
    [Fact]
    public async Task An_operator_of_the_provider_acts_under_their_own_name_a_viewer_reads_and_others_stay_outside()
    {
        var page = await chromium.PageAsync();
        Dictionary<string, string[]> people = new()
        {
            ["anna"] = ["staff", "ser-operators"],
            ["vera"] = ["ser-viewers"],
            ["otto"] = ["staff"],
        };
        await using var provider = await OpenIdProvider.StartAsync(people);
        var settings = Settings(provider, ["ser-operators"], ["ser-viewers"]) with { RoleClaim = "groups" };
        var sweep = new MadeUpSweep("theirs", RunningDashboard.Grid(0), 3, 4,
            12, (_, fold) => fold == 1 ? FoldOutcome.Done : FoldOutcome.Ready);
        await using var own = await RunningDashboard.StartAsync(sweep, settings);

        // After the sign-in the visitor returns to the page that was asked for.
        await SignInAsync(page, own, "anna");
        await Assertions.Expect(page.Locator(".who")).ToHaveTextAsync("anna");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("theirs");
        var audit = await page.Context.NewPageAsync();
        await audit.GotoAsync(new Uri(own.Address, "/audit").ToString());
        await Assertions.Expect(audit.Locator("h2")).ToHaveTextAsync("No actions yet");
        await Chromium.WaitForInteractiveAsync(audit);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel…" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("a mistake");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel the sweep" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1 .state")).ToHaveTextAsync("cancelled");
        await Assertions.Expect(audit.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["anna through tester"]);
        var act = Assert.Single(own.Data.Reads.SearchAudit(null, 0, 10).Entries);
        Assert.Equal(("anna through tester", "cancel sweep theirs", 200, "a mistake"), (act.Who, act.What, act.Status, act.Why));

        var other = await chromium.PageAsync();
        await SignInAsync(other, own, "vera");
        await Assertions.Expect(other.Locator(".who")).ToHaveTextAsync("vera (viewer)");
        await other.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Resume…" }).ClickAsync();
        await Assertions.Expect(other.GetByRole(AriaRole.Dialog)).ToContainTextAsync("vera has the viewer role");
        Assert.Equal(SweepState.Cancelled, own.Data.Reads.Sweep("theirs").State);

        var outside = await chromium.PageAsync();
        await SignInAsync(outside, own, "otto", live: false);
        await Assertions.Expect(outside.GetByRole(AriaRole.Alert)).ToContainTextAsync("none of your roles grants access");
        await outside.GotoAsync(own.Address.ToString());
        await Assertions.Expect(outside.GetByLabel("Token")).ToBeVisibleAsync();
        Assert.Equal(3, provider.IssuedTokens);
    }

    [Fact]
    public async Task An_unsolicited_answer_signs_no_one_in()
    {
        var page = await chromium.PageAsync();
        await using var provider = await OpenIdProvider.StartAsync(new() { ["anna"] = [] });
        var settings = Settings(provider, [OpenIdSettings.Everybody], []);
        await using var own = await RunningDashboard.StartAsync(_ => { }, settings);
        await page.GotoAsync(new Uri(own.Address, "/signed-in/openid?code=made-up&state=made-up").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Sign-in at the provider failed");
        await SignInAsync(page, own, "anna");
        await Assertions.Expect(page.Locator(".who")).ToHaveTextAsync("anna");
    }

    private static async Task SignInAsync(IPage page, RunningDashboard own, string person, bool live = true)
    {
        await page.GotoAsync(new Uri(own.Address, "/sweeps/theirs").ToString());
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Sign in at 127.0.0.1" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = person }).ClickAsync();
        if (live)
        {
            await Chromium.WaitForInteractiveAsync(page);
        }
    }

    private static OpenIdSettings Settings(OpenIdProvider provider, string[] operators, string[] viewers) =>
        new(new Uri(provider.Issuer), OpenIdProvider.Client, OpenIdProvider.Secret, operators, viewers);
}

using Microsoft.Playwright;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class SweepsPageTests(Chromium chromium)
{
    [Fact]
    public async Task The_list_has_every_sweep_with_its_state_its_folds_and_the_headline()
    {
        var page = await chromium.OperatorAsync();
        var whole = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "whole" });
        await Assertions.Expect(whole.Locator(".state")).ToHaveTextAsync("done");
        await Assertions.Expect(whole).ToContainTextAsync("8/8");
        await Assertions.Expect(whole).ToContainTextAsync("arm (of 2), k and α by pooled validation");
        var score = new System.Text.RegularExpressions.Regex(@"^\d\d\.\d\d ± \d+\.\d\d$");
        await Assertions.Expect(whole.Locator(".number").First).ToHaveTextAsync(score);
        var part = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "part" });
        await Assertions.Expect(part).ToContainTextAsync("5/8");
        await Assertions.Expect(part).ToContainTextAsync("1 failed");
    }

    [Fact]
    public async Task Search_and_filter_are_in_the_address()
    {
        var page = await chromium.OperatorAsync();
        await page.GetByLabel("Search by name").FillAsync("art");
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["part"]);
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?q=art$"));
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["part"]);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "done", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h2")).ToHaveTextAsync("No matching sweeps");
    }

    [Fact]
    public async Task Owners_are_shown_and_filter_the_list_in_the_address()
    {
        await using var own = await RunningDashboard.StartAsync(store =>
        {
            store.Add(new MadeUpSweep("hers", RunningDashboard.Grid(0), 3, 4, 12, (_, _) => FoldOutcome.Ready) { Owner = "ann" });
            store.Add(new MadeUpSweep("his", RunningDashboard.Grid(0.1), 3, 4, 12, (_, _) => FoldOutcome.Ready) { Owner = "bo" });
        });
        var page = await chromium.OperatorAsync(of: own);
        var row = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "hers" });
        await Assertions.Expect(row).ToContainTextAsync("ann");
        await page.GetByLabel("Owner").SelectOptionAsync("bo");
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["his"]);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Last).ToContainTextAsync("remaining time unknown");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["his"]);
        await page.GotoAsync(new Uri(own.Address, "/sweeps/his").ToString());
        await Assertions.Expect(page.Locator(".terms")).ToContainTextAsync("Owner: bo · submitted ");
    }

    [Fact]
    public async Task A_new_sweep_appears_and_moves_without_a_reload()
    {
        await using var own = await RunningDashboard.StartAsync(_ => { });
        var page = await chromium.OperatorAsync(of: own);
        await Assertions.Expect(page.Locator("h2")).ToHaveTextAsync("No sweep yet");
        FoldOutcome Fate(int arm, int fold) => fold == 1 ? FoldOutcome.Done : FoldOutcome.Ready;
        var store = new MadeUpStore(own.Data.Jobs, own.Data.Artifacts, Path.Combine(own.Data.Folder, "making"));
        store.Add(new MadeUpSweep("late", RunningDashboard.Grid(0), 3, 4, 12, Fate));
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["late"]);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Last).ToContainTextAsync("1/3");
        own.Data.Jobs.Sweeps.CancelSweep("late");
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("cancelled");
    }

    [Fact]
    public async Task The_theme_follows_the_system_and_can_be_switched_for_good()
    {
        var page = await chromium.OperatorAsync(dark: true);
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Light theme" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Dark theme" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        Assert.Equal("light", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        Assert.Equal("rgb(247, 247, 249)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }
}

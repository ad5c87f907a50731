using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Ser.Authentication;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class SweepPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_whole_sweep_shows_figures_folds_rows_confusions_and_comparisons()
    {
        var page = await OpenAsync("whole");
        await Assertions.Expect(page.Locator("[data-figure=UA]")).ToHaveTextAsync(new Regex(@"^\d\d\.\d\d ± \d+\.\d\d %$"));
        await Assertions.Expect(page.Locator(".matrix tbody td")).ToHaveCountAsync(8);
        var firstCell = page.Locator(".matrix tbody td a").First;
        await Assertions.Expect(firstCell).ToHaveAttributeAsync("href", "/sweeps/whole/folds/1?arm=%CE%BB%3D0%20mixed%20seed%201");
        await Assertions.Expect(page.Locator(".confusions table.confusion")).ToHaveCountAsync(3);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Rows 14" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Comparisons" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".chart canvas")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Rows_are_sorted_by_their_heads_and_the_order_is_in_the_address()
    {
        var page = await OpenAsync("whole");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "UA mean ± sd" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("sort=-ua"));
        var heading = page.GetByRole(AriaRole.Columnheader, new PageGetByRoleOptions { Name = "UA mean ± sd" });
        await Assertions.Expect(heading).ToHaveAttributeAsync("aria-sort", "descending");
        string[] shown = [.. await page.Locator(".tall tbody td:nth-child(7) .number").AllInnerTextsAsync()];
        Assert.True(shown.Length > 5);
        double[] means = [.. shown.Select(text => double.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(means.OrderDescending(), means);
    }

    [Fact]
    public async Task Sliders_redraw_numbers_and_matrix_at_once_and_stay_in_the_address()
    {
        var page = await OpenAsync("whole");
        var ua = page.Locator("[data-test=ua]");
        await Assertions.Expect(ua).ToHaveTextAsync(new Regex(@"^\d\d\.\d\d$"));
        var matrix = page.Locator(".surface table.confusion");
        await page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "k =" }).FillAsync("1");
        await page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "α =" }).FillAsync("1");
        await Assertions.Expect(matrix.Locator("caption")).ToHaveTextAsync("Test at k = 1, α = 1");
        string nearest = await ua.InnerTextAsync();
        await page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "k =" }).FillAsync("15");
        await Assertions.Expect(ua).Not.ToHaveTextAsync(nearest);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("k=15.*alpha=1|alpha=1.*k=15"));
        string many = await ua.InnerTextAsync();
        await page.ReloadAsync();
        await Assertions.Expect(ua).ToHaveTextAsync(many);

        // Where pooled validation chose, the numbers are those of the table's row.
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "to pooled validation" }).ClickAsync();
        var row = page.Locator(".tall tbody tr").Filter(new LocatorFilterOptions { HasText = "pooled-validation" }).First;
        await Assertions.Expect(ua).ToHaveTextAsync(await row.Locator("td:nth-child(8)").InnerTextAsync());
    }

    [Fact]
    public async Task Epochs_and_states_come_without_a_reload()
    {
        var sweep = new MadeUpSweep("live", RunningDashboard.Grid(0), 3, 10, 12, (_, _) => FoldOutcome.Ready);
        await using var own = await RunningDashboard.StartAsync(sweep);
        var page = await chromium.OperatorAsync(of: own);
        await page.GotoAsync(new Uri(own.Address, "/sweeps/live").ToString());
        await Assertions.Expect(page.GetByText("No epoch of this arm has finished yet.")).ToBeVisibleAsync();
        var job = Assert.Single(own.Data.Jobs.Leases.Claim(new ClaimRequest("w", ["FineTune"], "live"), 1));
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            var progress = new StageProgress(epoch * 10, epoch, 10, 1, 2);
            var point = new EpochPoint(epoch, 1, 1, 0, 1, 0.4, 0.3 + (0.1 * epoch), 1e-3, 0);
            own.Data.Jobs.Leases.Renew(job.Lease, progress, [point]);
            await Assertions.Expect(page.Locator(".chart .unseen tr").Nth(1)).ToHaveTextAsync($"1{epoch}{30 + (10 * epoch)}.0");
        }

        await Assertions.Expect(page.Locator(".matrix td").First).ToHaveTextAsync("running");
        own.Data.Jobs.Leases.Fault(job.Lease, "no luck", "");
        await Assertions.Expect(page.Locator(".matrix td").First).ToHaveTextAsync("·");
    }

    [Fact]
    public async Task What_failed_is_retried_from_the_page_with_a_reason_in_the_audit()
    {
        var sweep = new MadeUpSweep("broken", RunningDashboard.Grid(0), 3, 4,
            12, (_, fold) => fold == 2 ? FoldOutcome.Failed : FoldOutcome.Done);
        await using var own = await RunningDashboard.StartAsync(sweep);
        var page = await chromium.OperatorAsync(of: own);
        await page.GotoAsync(new Uri(own.Address, "/sweeps/broken").ToString());
        await Chromium.WaitForInteractiveAsync(page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry failed…" }).ClickAsync();
        var preview = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(preview).ToContainTextAsync("loss became NaN at step 412 of epoch 7");
        await Assertions.Expect(preview).ToContainTextAsync(new Regex(@"Compute time: at most about \d+ s"));
        var act = preview.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Retry", Exact = true });
        await Assertions.Expect(act).ToBeDisabledAsync();
        await preview.GetByLabel("Reason").FillAsync("the node had a bad GPU");
        await act.ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Status)).ToContainTextAsync("1 job is ready again");
        await Assertions.Expect(page.Locator(".figure .big").Last).ToHaveTextAsync("0");
        await Assertions.Expect(page.Locator(".figure", new PageLocatorOptions { HasText = "Compute time" }))
            .ToContainTextAsync(new Regex(@"about \d+ s left.*no jobs running"));
        Assert.Equal(JobState.Ready, own.Data.Reads.Sweep("broken").Jobs.Single(job => job.Fold == 2 && job.Stage == "FineTune").State);
        Assert.Contains(own.Log.All, line => line.Contains("audit: tester", StringComparison.Ordinal)
            && line.Contains("/retry: 200 because: the%20node%20had%20a%20bad%20GPU", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sweep_is_cancelled_and_resumed_from_the_page()
    {
        var sweep = new MadeUpSweep("stop", RunningDashboard.Grid(0), 3, 4,
            12, (_, fold) => fold == 1 ? FoldOutcome.Done : FoldOutcome.Ready);
        await using var own = await RunningDashboard.StartAsync(sweep);
        var page = await chromium.OperatorAsync(of: own);
        await page.GotoAsync(new Uri(own.Address, "/sweeps/stop").ToString());
        await Chromium.WaitForInteractiveAsync(page);
        await DoAsync("Cancel…", "Cancel the sweep");
        await Assertions.Expect(page.Locator("h1 .state")).ToHaveTextAsync("cancelled");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Close" }).ClickAsync();
        await DoAsync("Resume…", "Resume");
        await Assertions.Expect(page.Locator("h1 .state")).ToHaveTextAsync("running");

        async Task DoAsync(string open, string act)
        {
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = open }).ClickAsync();
            await page.GetByLabel("Reason").FillAsync("a test");
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = act, Exact = true }).ClickAsync();
            await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_viewer_sees_why_they_cannot_act()
    {
        var sweep = new MadeUpSweep("watched", RunningDashboard.Grid(0), 3, 4, 12, (_, _) => FoldOutcome.Ready);
        await using var own = await RunningDashboard.StartAsync(sweep);
        var page = await chromium.PageAsync();
        await page.GotoAsync(new Uri(own.Address, "/sweeps/watched").ToString());
        await page.GetByLabel("Token").FillAsync(own.Tokens.Create("vera", Role.Viewer));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Chromium.WaitForInteractiveAsync(page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel…" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("vera has the viewer role");
        await Assertions.Expect(page.GetByLabel("Reason")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("tables/rows.csv", "arm,inference,selection")]
    [InlineData("tables/rows.json", "\"comparisons\"")]
    [InlineData("tables/rows.md", "| inference |")]
    [InlineData("tables/comparisons.tex", "\\toprule")]
    [InlineData("figures/figure3.svg", "<svg")]
    public async Task Tables_and_figures_are_downloaded(string path, string expected)
    {
        var page = await chromium.OperatorAsync();
        var answer = await page.APIRequest.GetAsync(new Uri(chromium.Dashboard.Address, $"/sweeps/whole/{path}").ToString());
        Assert.True(answer.Ok, await answer.TextAsync());
        Assert.Contains(expected, await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_names_are_reported_with_the_known_ones()
    {
        var page = await OpenAsync("hole");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("There is no sweep named hole");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("whole");
        await page.GotoAsync(new Uri(chromium.Dashboard.Address, "/sweeps/begun").ToString());
        await Assertions.Expect(page.GetByText("No fold of this arm is done yet")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".told h2")).ToHaveTextAsync("No fold is done yet");
    }

    private async Task<IPage> OpenAsync(string sweep)
    {
        var page = await chromium.OperatorAsync();
        await page.GotoAsync(new Uri(chromium.Dashboard.Address, $"/sweeps/{sweep}").ToString());
        await Chromium.WaitForInteractiveAsync(page);
        return page;
    }
}

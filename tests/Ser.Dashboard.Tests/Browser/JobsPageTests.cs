using Microsoft.Playwright;
using Ser.Authentication;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class JobsPageTests(Chromium chromium)
{
    [Fact]
    public async Task Failed_jobs_are_retried_from_their_list_with_a_reason_and_the_audit_has_it()
    {
        await using var own = await RunningDashboard.StartAsync(store => store.Add(MadeUpData.Sweep("one", failed: 2)));
        var page = await chromium.OperatorAsync(of: own);
        await page.GotoAsync(new Uri(own.Address, "/jobs").ToString());
        await Assertions.Expect(page.GetByText("18 matching jobs")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "failed", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 matching jobs")).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?state=failed$"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Select all matching jobs" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("2 FineTune failed");

        await page.GetByLabel("Reason").FillAsync("the disk was full");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Retry 2 jobs" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Retried 2 of 2 jobs.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("0 matching jobs")).ToBeVisibleAsync();
        Assert.Equal(0, own.Data.Reads.Sweep("one").Count(JobState.Failed));
        Assert.Equal(2, own.Data.Reads.Sweep("one").Count(JobState.Ready));

        await page.GotoAsync(new Uri(own.Address, "/audit").ToString());
        var row = page.Locator("tbody tr").First;
        await Assertions.Expect(row).ToContainTextAsync("tester");
        await Assertions.Expect(row).ToContainTextAsync("retry jobs");
        await Assertions.Expect(row).ToContainTextAsync("2 jobs");
        await Assertions.Expect(row).ToContainTextAsync("the disk was full");
    }

    [Fact]
    public async Task A_viewer_sees_every_job_and_can_act_on_none()
    {
        await using var own = await RunningDashboard.StartAsync(store => store.Add(MadeUpData.Sweep("one", failed: 2)));
        string viewer = own.Tokens.Create("vera", Role.Viewer);
        var page = await chromium.PageAsync();
        await page.GotoAsync(new Uri(own.Address, "/jobs?state=failed").ToString());
        await page.GetByLabel("Token").FillAsync(viewer);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 matching jobs")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("vera has the viewer role")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry…" })).ToHaveCountAsync(0);
    }
}

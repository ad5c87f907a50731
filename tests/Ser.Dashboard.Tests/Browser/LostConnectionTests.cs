using System.Net;
using Microsoft.Playwright;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class LostConnectionTests(Chromium chromium)
{
    [Fact]
    public async Task A_broken_connection_is_reported_heals_and_catches_up_without_a_reload()
    {
        await using var own = await StartAsync();
        await using var line = new CuttableProxy("127.0.0.1", own.Address.Port);
        var page = await OpenAsync(own, line);
        var job = Assert.Single(own.Data.Jobs.Leases.Claim(new ClaimRequest("w", ["FineTune"], "live"), 1));
        await MoveAsync(own, page, job, 1);
        await page.EvaluateAsync("window.notReloaded = true");

        line.Cut();
        await Assertions.Expect(Lost(page)).ToBeVisibleAsync();
        Move(own, job, 2);
        Move(own, job, 3);
        line.Restore();

        await Assertions.Expect(Lost(page)).ToBeHiddenAsync();
        await Assertions.Expect(LastPoint(page)).ToHaveTextAsync("1360.0");
        Assert.True(await page.EvaluateAsync<bool>("window.notReloaded === true"));
        await MoveAsync(own, page, job, 4);
    }

    [Fact]
    public async Task A_page_reconnects_to_a_restarted_dashboard_and_the_visitor_stays_signed_in()
    {
        await using var own = await StartAsync();
        await using var line = new CuttableProxy("127.0.0.1", own.Address.Port);
        var page = await OpenAsync(own, line);
        var job = Assert.Single(own.Data.Jobs.Leases.Claim(new ClaimRequest("w", ["FineTune"], "live"), 1));
        await MoveAsync(own, page, job, 1);

        line.Cut();
        var address = await own.RestartAsync();
        Move(own, job, 2);
        line.Target = new DnsEndPoint("127.0.0.1", address.Port);
        line.Restore();

        await Assertions.Expect(LastPoint(page)).ToHaveTextAsync("1250.0");
        await Assertions.Expect(Lost(page)).ToBeHiddenAsync();
        await MoveAsync(own, page, job, 3);
    }

    private static Task<RunningDashboard> StartAsync() =>
        RunningDashboard.StartAsync(new MadeUpSweep("live", RunningDashboard.Grid(0), 3, 10, 12, (_, _) => FoldOutcome.Ready));

    private async Task<IPage> OpenAsync(RunningDashboard own, CuttableProxy line)
    {
        var page = await chromium.PageAsync();
        var through = new UriBuilder(own.Link) { Port = line.Port }.Uri;
        await page.GotoAsync(through.ToString());
        await page.GotoAsync(new Uri(through, "/sweeps/live").ToString());
        await Chromium.WaitForInteractiveAsync(page);
        return page;
    }

    private static async Task MoveAsync(RunningDashboard own, IPage page, ClaimedJob job, int epoch)
    {
        Move(own, job, epoch);
        await Assertions.Expect(LastPoint(page)).ToHaveTextAsync($"1{epoch}{30 + (10 * epoch)}.0");
    }

    private static void Move(RunningDashboard own, ClaimedJob job, int epoch)
    {
        var progress = new StageProgress(epoch * 10, epoch, 10, 1, 2);
        var point = new EpochPoint(epoch, 1, 1, 0, 1, 0.4, 0.3 + (0.1 * epoch), 1e-3, 0);
        Assert.True(own.Data.Jobs.Leases.Renew(job.Lease, progress, [point]));
    }

    private static ILocator Lost(IPage page) => page.GetByText("The connection to the dashboard is lost");

    // Fold, epoch and UA as in the table for screen readers.
    private static ILocator LastPoint(IPage page) => page.Locator(".chart .unseen tr").Nth(1);
}

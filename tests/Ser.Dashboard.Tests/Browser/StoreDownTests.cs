using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>A dashboard of a farm whose PostgreSQL cannot be reached for a while.</summary>
[Collection(BrowserTests.Name)]
public sealed class StoreDownTests(Chromium chromium)
{
    private static readonly string Server = Environment.GetEnvironmentVariable("SER_TEST_POSTGRES") ?? "";

    [Fact]
    public async Task Pages_report_that_the_store_is_away_keep_what_was_read_and_come_back_by_themselves()
    {
        Assert.SkipUnless(
            Server.Length > 0,
            "set SER_TEST_POSTGRES to the connection string of a PostgreSQL superuser, or run ./ser test where it can start one");
        var page = await chromium.PageAsync();
        using var database = new BenchDatabase(Server);
        using var folder = new TemporaryFolder();
        using var data = DataFolder.OpenAsRunner(folder.At("data"), "test");
        var store = PostgresJobs.Open(database.ConnectionString, new LeaseSettings(Seconds: 36_000));
        var sweep = new MadeUpSweep("farm", RunningDashboard.Grid(0), 3, 10,
            12, (_, fold) => fold == 1 ? FoldOutcome.Done : FoldOutcome.Ready);
        new MadeUpStore(store.Jobs, data.Artifacts, folder.At("making")).Add(sweep);
        var address = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var line = new CuttableProxy("127.0.0.1", address.Port);
        (address.Host, address.Port) = ("127.0.0.1", line.Port);
        var log = new LogLines();
        var seen = PostgresJobs.Open(address.ToString());
        var settings = new DashboardSettings([new Uri("http://127.0.0.1:0")], ["localhost"]);
        var stores = new DashboardStores(seen.Reads, data.Artifacts, seen.Workers);
        var dashboard = await RunningDashboard.StartDashboardAsync(settings, stores, log);
        try
        {
            var home = RunningDashboard.AddressOf(dashboard);
            await page.GotoAsync(dashboard.CreateSignInLink(home.ToString()));
            await Chromium.WaitForInteractiveAsync(page);
            await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["farm"]);

            line.Cut();
            await Assertions.Expect(page.Locator(".stale")).ToContainTextAsync("Data as of");
            await Assertions.Expect(page.Locator(".stale")).ToContainTextAsync("127.0.0.1");
            await Assertions.Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["farm"]);
            foreach (string path in (string[])["/sweeps/farm", "/sweeps/farm/folds/1", "/jobs", "/workers", "/audit"])
            {
                var other = await page.Context.NewPageAsync();
                await other.GotoAsync(new Uri(home, path).ToString());
                await Assertions.Expect(other.Locator("main")).ToContainTextAsync("127.0.0.1");
                await Assertions.Expect(other.Locator("main")).Not.ToContainTextAsync("Unexpected error");
                await other.CloseAsync();
            }

            var late = await page.Context.NewPageAsync();
            await late.GotoAsync(new Uri(home, "/sweeps/farm").ToString());
            await Assertions.Expect(late.GetByRole(AriaRole.Alert)).ToContainTextAsync("The store cannot be read");
            var job = Assert.Single(store.Jobs.Leases.Claim(new ClaimRequest("w", ["FineTune"], "farm"), 1));
            line.Restore();

            await Assertions.Expect(page.Locator(".stale")).ToHaveCountAsync(0);
            await Assertions.Expect(page.GetByRole(AriaRole.Row).Last).ToContainTextAsync("1/3");
            await Assertions.Expect(late.Locator(".matrix")).ToContainTextAsync("running");
            store.Jobs.Leases.Fault(job.Lease, "no luck", "");
            await Assertions.Expect(late.Locator(".matrix")).Not.ToContainTextAsync("running");
        }
        finally
        {
            await RunningDashboard.StopDashboardAsync(dashboard);
        }

        Assert.Empty(log.Errors);
    }
}

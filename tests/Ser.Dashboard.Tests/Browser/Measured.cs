using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>
/// Times and bytes in a real browser, for docs/performance.md, without assertions. SER_MEASURE=LINK dotnet test … --filter Measured,
/// where LINK is the link that a dashboard has printed. SER_MEASURE_PAGES names pages, each with an element that must appear,
/// as path=selector separated by blanks.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class Measured(Chromium chromium, ITestOutputHelper output)
{
    private const int Rounds = 5;

    [Fact]
    public async Task Pages_of_a_running_dashboard()
    {
        string? link = Environment.GetEnvironmentVariable("SER_MEASURE");
        Assert.SkipUnless(link is { Length: > 0 }, "SER_MEASURE names no link of a dashboard");
        var first = await chromium.PageAsync();
        await first.GotoAsync(link);
        await Chromium.WaitForInteractiveAsync(first);
        string visitor = await first.Context.StorageStateAsync();
        await first.Context.CloseAsync();
        string pages = Environment.GetEnvironmentVariable("SER_MEASURE_PAGES") ?? "/=tbody>tr>th /sweeps/wide=.matrix>table>tbody>tr>th";
        foreach (string[] page in pages.Split(' ').Select(page => page.Split('=', 2)))
        {
            var figures = new List<Figures>();
            for (int round = 0; round < Rounds; round++)
            {
                figures.Add(await MeasureAsync(visitor, new Uri(new Uri(link), page[0]).ToString(), page[1]));
            }

            string times = FormattableString.Invariant(
                $"seen after {Median(figures, one => one.Seen):0} ms, live after {Median(figures, one => one.Live):0} ms");
            string quiet = FormattableString.Invariant($"quiet after {Median(figures, one => one.Quiet):0} ms");
            string network = FormattableString.Invariant(
                $"{Median(figures, one => one.Bytes) / 1000:0} KB in {Median(figures, one => one.Requests):0} requests");
            string circuit = FormattableString.Invariant($"circuit {Median(figures, one => one.Frames) / 1000:0.0} KB unpacked");
            output.WriteLine($"{page[0]}: {times}, {quiet}; {network}, {circuit}");
        }
    }

    // Each measurement has a browser context of its own, with an empty cache.
    private async Task<Figures> MeasureAsync(string visitor, string address, string seen)
    {
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            StorageState = visitor,
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        long bytes = 0, frames = 0;
        int requests = 0;
        var network = await context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        network.Event("Network.loadingFinished").OnEvent += (_, loaded) =>
        {
            bytes += (long)((JsonElement)loaded!).GetProperty("encodedDataLength").GetDouble();
            requests++;
        };
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => frames += frame.Binary?.Length ?? frame.Text?.Length ?? 0;
        var clock = Stopwatch.StartNew();
        await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await page.Locator(seen).First.WaitForAsync();
        double first = clock.Elapsed.TotalMilliseconds;
        await Chromium.WaitForInteractiveAsync(page);
        double live = clock.Elapsed.TotalMilliseconds;
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        return new Figures(first, live, clock.Elapsed.TotalMilliseconds, bytes, requests, frames);
    }

    private static double Median(List<Figures> figures, Func<Figures, double> of) => figures.Select(of).Order().ElementAt(Rounds / 2);

    private sealed record Figures(double Seen, double Live, double Quiet, double Bytes, int Requests, double Frames);
}

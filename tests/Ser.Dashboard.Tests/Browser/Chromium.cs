using Microsoft.Playwright;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>The chromium of this system and one dashboard, shared by all browser tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private RunningDashboard? _dashboard;

    internal RunningDashboard Dashboard => _dashboard!;

    internal IBrowser Browser { get; private set; } = null!;

    /// <summary>Whether this system has a chromium.</summary>
    public static bool IsInstalled => File.Exists(Path);

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(30_000); // for slow machines; a passing test does not wait
        _dashboard = await RunningDashboard.StartAsync(Fill);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Args =
            [
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        });
    }

    /// <summary>A page of a visitor who has signed in by the link. Skips the test with a message where there is no chromium.</summary>
    internal async Task<IPage> OperatorAsync(bool dark = false, RunningDashboard? of = null)
    {
        SkipWithout();
        var page = await PageAsync(dark);
        await page.GotoAsync((of ?? Dashboard).Link);
        await WaitForInteractiveAsync(page);
        return page;
    }

    /// <summary>Waits until the page is interactive: before, it is prerendered HTML that ignores clicks.</summary>
    internal static Task WaitForInteractiveAsync(IPage page) => page.WaitForSelectorAsync("html[data-live]");

    /// <summary>A page of a visitor who has not signed in.</summary>
    internal async Task<IPage> PageAsync(bool dark = false)
    {
        SkipWithout();
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
        });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_dashboard is not null)
        {
            await Browser.CloseAsync();
            _playwright!.Dispose();
            await _dashboard.DisposeAsync();
        }
    }

    private static void SkipWithout() =>
        Assert.SkipUnless(IsInstalled, $"there is no {Path}: apt-get install -y --no-install-recommends chromium");

    private static void Fill(MadeUpStore store)
    {
        store.Add(new MadeUpSweep("whole", RunningDashboard.Grid(0, 0.1), 4, 12, 24, (_, _) => FoldOutcome.Done));
        store.Add(new MadeUpSweep("part", RunningDashboard.Grid(0, 0.1), 4,
            10, 20, (arm, fold) => arm == 0 ? FoldOutcome.Done : Mixed(fold)));
        store.Add(new MadeUpSweep("begun", RunningDashboard.Grid(0.2), 3, 10, 20,
            (_, fold) => fold == 1 ? FoldOutcome.Running : FoldOutcome.Ready));

        static FoldOutcome Mixed(int fold) => fold switch
        {
            1 => FoldOutcome.Done,
            2 => FoldOutcome.Failed,
            3 => FoldOutcome.Running,
            _ => FoldOutcome.Ready,
        };
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}

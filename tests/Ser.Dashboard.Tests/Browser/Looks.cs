using Microsoft.Playwright;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>
/// Pictures of every page for people to look at: SER_LOOKS=FOLDER dotnet test … --filter Looks. SER_LOOKS_PAGES names other pages,
/// separated by blanks; SER_LOOKS_LINK another dashboard by the link that it has printed (in the light theme only).
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class Looks(Chromium chromium)
{
    /// <summary>Path of each page, and the name of its pictures.</summary>
    private static readonly (string Path, string Name)[] Pages =
    [
        ("/", "sweeps"),
        ("/?q=nothing-like-it", "sweeps-none"),
        ("/sweeps/whole", "sweep"),
        ("/sweeps/part", "sweep-part"),
        ("/sweeps/begun", "sweep-begun"),
        ("/sweeps/nowhere", "sweep-missing"),
        ("/submit", "submit"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pictures_of_every_page(bool dark)
    {
        string? folder = Environment.GetEnvironmentVariable("SER_LOOKS");
        Assert.SkipUnless(folder is { Length: > 0 }, "SER_LOOKS names no folder for pictures");
        string? link = Environment.GetEnvironmentVariable("SER_LOOKS_LINK");
        Assert.SkipUnless(link is null || !dark, "a link opens a dashboard once");
        var page = link is null ? await chromium.OperatorAsync(dark) : await chromium.PageAsync(dark);
        var home = link is null ? chromium.Dashboard.Address : new Uri(link);
        if (link is not null)
        {
            await page.GotoAsync(link);
        }

        string paths = Environment.GetEnvironmentVariable("SER_LOOKS_PAGES") ?? "";
        var pages = paths.Length == 0 ? Pages : [.. paths.Split(' ').Select((path, i) => (path, $"page{i}"))];
        foreach (var (path, name) in pages)
        {
            await page.GotoAsync(new Uri(home, path).ToString());
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.WaitForTimeoutAsync(1500);
            string picture = System.IO.Path.Combine(folder!, $"{name}-{(dark ? "dark" : "light")}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true });
        }
    }
}

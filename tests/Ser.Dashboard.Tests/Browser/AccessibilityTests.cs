using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>axe-core on every page. Its script comes with a package, so no network is needed.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    [Theory]
    [InlineData("/", false)]
    [InlineData("/", true)]
    [InlineData("/sweeps/whole", false)]
    [InlineData("/sweeps/whole", true)]
    [InlineData("/sweeps/part", true)]
    [InlineData("/sweeps/begun", false)]
    [InlineData("/sweeps/nowhere", false)]
    [InlineData("/submit", true)]
    public async Task No_finding_of_WCAG_A_and_AA(string path, bool dark)
    {
        var page = await chromium.OperatorAsync(dark);
        await page.GotoAsync(new Uri(chromium.Dashboard.Address, path).ToString());
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await CheckAsync(page);
    }

    [Fact]
    public async Task No_finding_on_the_sign_in_page()
    {
        var page = await chromium.PageAsync();
        await page.GotoAsync(new Uri(chromium.Dashboard.Address, "/sign-in").ToString());
        await CheckAsync(page);
    }

    private static async Task CheckAsync(IPage page)
    {
        var only = new Deque.AxeCore.Commons.RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
        var result = await page.RunAxe(new Deque.AxeCore.Commons.AxeRunOptions { RunOnly = only });
        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(Describe)));
    }

    private static string Describe(Deque.AxeCore.Commons.AxeResultItem finding)
    {
        var elements = finding.Nodes.Select(node => node.Html).Take(3);
        return $"{finding.Id}: {finding.Help}: {string.Join("; ", elements)}";
    }
}

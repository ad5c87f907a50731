using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Ser.Dashboard.Layout;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class OtherPagesTests(Chromium chromium)
{
    [Fact]
    public async Task The_paper_stands_beside_ours_and_our_cells_lead_to_their_folds()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, "/paper?sweep=whole");
        await Assertions.Expect(page.Locator("caption").Filter(new LocatorFilterOptions { HasText = "Table 3 for whole" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".checks li.wrong")).ToHaveCountAsync(0);
        Assert.True(await page.Locator(".checks li.right").CountAsync() >= 7);
        await page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "S3" }).First.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "2", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Fold 2");
    }

    [Fact]
    public async Task Two_rows_are_compared_fold_by_fold()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, $"/compare?a=whole&ra={Uri.EscapeDataString("λ=0 mixed seed 1, model")}&b=whole&rb={Uri.EscapeDataString("λ=0.1 mixed seed 1, model")}");
        await Assertions.Expect(page.GetByText("Verdict")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".split table").First.Locator("tbody tr")).ToHaveCountAsync(4);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "row: λ" })).ToContainTextAsync("0.1");
    }

    [Fact]
    public async Task Workers_that_only_hold_leases_are_seen()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, "/workers");
        var worker = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "made-up" }).First;
        await Assertions.Expect(worker).ToContainTextAsync("known only from its leases");
        await Assertions.Expect(worker).ToContainTextAsync("expires in");
    }

    [Fact]
    public async Task A_sweep_without_projections_says_how_to_get_them()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, "/embeddings?sweep=whole");
        await Assertions.Expect(page.Locator("h2")).ToHaveTextAsync("No projections");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_in_the_way_of_anyone(bool dark)
    {
        var page = await chromium.OperatorAsync(dark);
        var found = new List<string>();
        foreach (string path in (string[])["/jobs", "/audit", "/workers", "/compare", "/paper", "/embeddings", Links.Fold("whole", "λ=0 mixed seed 1", 1), Links.Fold("part", "λ=0.1 mixed seed 1", 3)])
        {
            await GoAsync(page, path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.WaitForTimeoutAsync(1000);
            var axe = await page.RunAxe();
            found.AddRange(axe.Violations.Where(one => one.Tags.Any(tag => tag.StartsWith("wcag", StringComparison.Ordinal))).Select(one => $"{path}: {one.Id}: {string.Join(" | ", one.Nodes.Select(node => node.Html).Take(3))}"));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private Task GoAsync(IPage page, string path) => page.GotoAsync(new Uri(chromium.Dashboard.Address, path).ToString());
}

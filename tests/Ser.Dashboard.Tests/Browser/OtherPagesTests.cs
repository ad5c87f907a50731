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
        var caption = page.Locator("caption").Filter(new LocatorFilterOptions { HasText = "Table 3 for whole" });
        await Assertions.Expect(caption).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".checks li.wrong")).ToHaveCountAsync(0);
        Assert.True(await page.Locator(".checks li.right").CountAsync() >= 7);
        var row = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "S3" }).First;
        await row.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "2", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Fold 2");
    }

    [Fact]
    public async Task Two_rows_are_compared_fold_by_fold()
    {
        var page = await chromium.OperatorAsync();
        string a = Uri.EscapeDataString("λ=0 mixed seed 1, model"), b = Uri.EscapeDataString("λ=0.1 mixed seed 1, model");
        await GoAsync(page, $"/compare?a=whole&ra={a}&b=whole&rb={b}");
        await Assertions.Expect(page.GetByText("Verdict")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".split table").First.Locator("tbody tr")).ToHaveCountAsync(4);
        var lambda = page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "row: λ" });
        await Assertions.Expect(lambda).ToContainTextAsync("0.1");
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
    public async Task A_sweep_without_projections_names_how_to_get_them()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, "/embeddings?sweep=whole");
        await Assertions.Expect(page.Locator("h2")).ToHaveTextAsync("No projections");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_accessibility_finding_on_the_other_pages(bool dark)
    {
        var page = await chromium.OperatorAsync(dark);
        var found = new List<string>();
        string[] paths =
        [
            "/jobs",
            "/audit",
            "/workers",
            "/compare",
            "/paper",
            "/embeddings",
            Links.Fold("whole", "λ=0 mixed seed 1", 1),
            Links.Fold("part", "λ=0.1 mixed seed 1", 3),
        ];
        foreach (string path in paths)
        {
            await GoAsync(page, path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Chromium.WaitForInteractiveAsync(page);
            var axe = await page.RunAxe();
            foreach (var finding in axe.Violations.Where(one => one.Tags.Any(tag => tag.StartsWith("wcag", StringComparison.Ordinal))))
            {
                found.Add($"{path}: {finding.Id}: {string.Join(" | ", finding.Nodes.Select(node => node.Html).Take(3))}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private Task GoAsync(IPage page, string path) => page.GotoAsync(new Uri(chromium.Dashboard.Address, path).ToString());
}

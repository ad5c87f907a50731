using Microsoft.Playwright;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>The page around the plan. Planning itself needs corpora and libtorch and is tested with the command line.</summary>
[Collection(BrowserTests.Name)]
public sealed class SubmitPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_host_that_cannot_plan_names_the_remedy()
    {
        var page = await chromium.OperatorAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Submit an experiment…" }).ClickAsync();
        await Assertions.Expect(page.Locator(".told")).ToContainTextAsync("use ser submit");
    }
}

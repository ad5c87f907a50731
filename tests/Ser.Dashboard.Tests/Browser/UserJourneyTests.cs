using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

/// <summary>The real program, `ser up`: a sweep is planned, submitted, failed, retried and finished in the browser alone.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class UserJourneyTests(Chromium chromium)
{
    private const string Experiment = """
        name: way
        corpus: synthetic
        folds: 3
        encoder: { preset: tiny, freeze: none }
        grid: { lambda: [0.1], augmentation: none }
        training: { epochs: 2, batch: 6, maxSeconds: 0.8 }
        compute: { threads: 1 }
        """;

    private const float Training = 240_000;

    [Fact]
    public async Task An_experiment_is_planned_submitted_fails_is_retried_and_finishes()
    {
        var page = await chromium.PageAsync();
        using var folder = new TemporaryFolder();
        string[] listen = ["--listen", "http://127.0.0.1:0", "--dashboard", "http://127.0.0.1:0"];
        string[] command = ["up", "--data", folder.At("data"), .. listen, "--name", "w1", "--slots", "1"];
        using var up = SerProcess.Start(folder.Path, command);
        string link = await LinkAsync(up);
        await page.GotoAsync(link);
        await page.GotoAsync(new Uri(new Uri(link), "/submit").ToString());
        await Chromium.WaitForInteractiveAsync(page);

        // A corpus that is not there is said and nothing is submitted.
        var yaml = page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Experiment YAML (overrides only)" });
        await yaml.FillAsync("name: way\ncorpus: csv:/not/there.csv\n");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Plan" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("/not/there.csv");
        await yaml.FillAsync(Experiment);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Plan" }).ClickAsync();
        await Assertions.Expect(page.Locator("pre.plan")).ToContainTextAsync("3 folds", new() { Timeout = Training });

        // A recording is damaged after the plan, so that its jobs fail.
        var recordings = Directory.EnumerateFiles(folder.At("data", "corpora"), "*.wav", SearchOption.AllDirectories);
        string recording = recordings.Order(StringComparer.Ordinal).First();
        byte[] whole = await File.ReadAllBytesAsync(recording, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(recording, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        await page.GetByLabel("Reason").FillAsync("the whole way");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = SubmitButton() }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open way" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1 .state"))
            .ToHaveTextAsync("failed", new LocatorAssertionsToHaveTextOptions { Timeout = Training });

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry failed…" }).ClickAsync();
        var preview = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(preview).ToContainTextAsync(Path.GetFileName(recording));
        await File.WriteAllBytesAsync(recording, whole, TestContext.Current.CancellationToken);
        await preview.GetByLabel("Reason").FillAsync("the recording is whole again");
        await preview.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Retry", Exact = true }).ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Status)).ToContainTextAsync("ready again");
        await Assertions.Expect(page.Locator("h1 .state")).ToHaveTextAsync("done", new() { Timeout = Training });
        await Assertions.Expect(page.Locator("[data-figure=UA]")).ToHaveTextAsync(Score());
        await Assertions.Expect(page.Locator(".matrix tbody td")).ToHaveTextAsync([Percent(), Percent(), Percent()]);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Audit" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("the recording is whole again");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync($"{Environment.UserName}@dashboard");
    }

    private static async Task<string> LinkAsync(SerProcess up)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (Link().Match(up.Errors) is { Success: true } link)
            {
                return link.Value;
            }

            Assert.False(up.HasExited, up.Errors);
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    [GeneratedRegex(@"http://\S+/enter\?code=\w+")]
    private static partial Regex Link();

    [GeneratedRegex(@"^Submit \d+ jobs$")]
    private static partial Regex SubmitButton();

    [GeneratedRegex(@"^\d+\.\d\d ± \d+\.\d\d %$")]
    private static partial Regex Score();

    [GeneratedRegex(@"^\d+\.\d$")]
    private static partial Regex Percent();
}

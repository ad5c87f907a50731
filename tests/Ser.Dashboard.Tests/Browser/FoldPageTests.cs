using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Ser.Dashboard.Layout;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Results;
using Ser.Stages;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class FoldPageTests(Chromium chromium)
{
    private const string Arm = "λ=0 mixed seed 1";

    [Fact]
    public async Task A_cell_leads_to_its_utterances_and_one_of_them_to_its_neighbours_and_the_address_keeps_both()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, Links.Fold("whole", Arm, 1));
        var cell = page.Locator(".matrices section").Last.Locator("tbody button").First;
        int count = int.Parse(await cell.Locator("span").InnerTextAsync(), CultureInfo.InvariantCulture);
        await cell.ClickAsync();
        await Assertions.Expect(page.Locator(".split h2").First).ToContainTextAsync($"{count} of ");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("t=0.*a=0|a=0.*t=0"));
        await page.Locator(".split tbody button.link").First.ClickAsync();
        await Assertions.Expect(page.Locator(".detail tbody").Last.Locator("tr")).ToHaveCountAsync(16);
        string name = await page.Locator(".detail h2").InnerTextAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".detail h2")).ToHaveTextAsync(name);
        await Assertions.Expect(cell).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_fold_that_runs_shows_its_curve_and_gets_new_points_without_a_reload()
    {
        var sweep = new MadeUpSweep("live", RunningDashboard.Grid(0), 3, 10, 8, (_, _) => FoldOutcome.Running);
        await using var own = await RunningDashboard.StartAsync(sweep);
        var job = own.Data.Reads.Sweep("live").Jobs.First(one => one.State == JobState.Running);
        var page = await chromium.OperatorAsync(of: own);
        await page.GotoAsync(new Uri(own.Address, Links.Fold("live", job.Arm, job.Fold)).ToString());
        await Assertions.Expect(page.Locator(".panel .soft.small").First).ToContainTextAsync("5 of 10 epochs");
        var last = own.Data.Reads.LearningCurve(job.Id)[^1];
        var lease = new Lease(job.Id, job.Attempt, "made-up");
        Assert.True(own.Data.Jobs.Leases.Renew(lease, new StageProgress(1200, 6, 10, 0.7, 5.5), [last with { Epoch = 6 }]));
        await Assertions.Expect(page.Locator(".panel .soft.small").First).ToContainTextAsync("6 of 10 epochs");
        await Assertions.Expect(page.Locator("figure.chart .unseen tbody tr")).ToHaveCountAsync(6);
    }

    [Fact]
    public async Task Unknown_sweeps_and_folds_have_a_clear_page()
    {
        var page = await chromium.OperatorAsync();
        await GoAsync(page, "/sweeps/nothing/folds/1");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Sweep not found");
        await GoAsync(page, "/sweeps/whole/folds/99");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Fold not found");
        await GoAsync(page, Links.Fold("part", "λ=0.1 mixed seed 1", 2) + "&view=answers");
        await Assertions.Expect(page.Locator("h2").First).ToHaveTextAsync("No predictions yet");
        await GoAsync(page, Links.Fold("part", "λ=0.1 mixed seed 1", 2));
        await Assertions.Expect(page.Locator("pre.log").Last).ToContainTextAsync("step 412 loss NaN");
    }

    [Fact]
    public async Task Files_are_sent_by_the_names_of_the_manifest_alone_and_a_pruned_one_is_reported()
    {
        Assert.SkipUnless(Chromium.IsInstalled, "the dashboard is started for browsers alone");
        await using var own = await RunningDashboard.StartAsync(MadeUpData.Sweep("one"));
        using var client = await EnterAsync(own);
        var job = own.Data.Reads.Sweep("one").Jobs[0];
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal("Nothing was trained.\n", await client.GetStringAsync($"/jobs/{job.Id}/files/made-up.txt", stop));
        foreach (string name in (string[])["result.json", "..%2Fresult.json", "..%2F..%2F..%2F..%2Fser.db", "%2Fetc%2Fpasswd", "none"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/jobs/{job.Id}/files/{name}", stop)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/jobs/zz/files/made-up.txt", stop)).StatusCode);
        var pruned = own.Data.Reads.Sweep("one").Jobs[1];
        Directory.Delete(Path.Combine(own.Data.Folder, "artifacts", pruned.Stage, pruned.Id), recursive: true);
        var gone = await client.GetAsync($"/jobs/{pruned.Id}/files/made-up.txt", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Contains("ser retry", await gone.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recordings_are_sent_in_ranges_and_only_those_that_the_corpus_is_made_of()
    {
        Assert.SkipUnless(Chromium.IsInstalled, "the dashboard is started for browsers alone");
        await using var own = await RunningDashboard.StartAsync(MadeUpData.Sweep("one"));
        string wav = Path.Combine(own.Data.Folder, "a.wav");
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        await File.WriteAllBytesAsync(wav, bytes, TestContext.Current.CancellationToken);
        var corpus = StoredSweep.Read(own.Data.Reads, own.Data.Artifacts, "one").Corpus;
        string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var utterances = corpus.Utterances.ToList();
        utterances[0] = utterances[0] with { Path = wav, Sha256 = digest };
        utterances[1] = utterances[1] with { Path = wav };
        utterances[2] = utterances[2] with { Path = "/etc/passwd" };
        own.Data.Artifacts.Put(ArtifactKeys.Corpus(corpus.Digest), CorpusFile.Write(corpus with { Utterances = utterances }));

        using var client = await EnterAsync(own);
        var request = new HttpRequestMessage(HttpMethod.Get, Links.Recording("one", 0));
        request.Headers.Range = new RangeHeaderValue(10, 19);
        var part = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.PartialContent, "audio/wav"), (part.StatusCode, part.Content.Headers.ContentType?.MediaType));
        Assert.Equal(bytes[10..20], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        (int Index, HttpStatusCode Status)[] refused =
        [
            (1, HttpStatusCode.Conflict),
            (2, HttpStatusCode.UnsupportedMediaType),
            (3, HttpStatusCode.NotFound),
            (-1, HttpStatusCode.NotFound),
            (9999, HttpStatusCode.NotFound),
        ];
        foreach (var (index, status) in refused)
        {
            Assert.Equal(status, await StatusAsync(client, Links.Recording("one", index)));
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, Links.Recording("two", 0)));
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = own.Address };
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(stranger, Links.Recording("one", 0)));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<HttpClient> EnterAsync(RunningDashboard dashboard)
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = dashboard.Address };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(dashboard.Link, TestContext.Current.CancellationToken)).StatusCode);
        return client;
    }

    private Task GoAsync(IPage page, string path) => page.GotoAsync(new Uri(chromium.Dashboard.Address, path).ToString());
}

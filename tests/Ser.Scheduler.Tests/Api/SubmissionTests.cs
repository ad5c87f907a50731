using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Api;

/// <summary>Which submissions the scheduler accepts, and that a wrong one changes nothing.</summary>
public sealed class SubmissionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_plan_becomes_jobs_and_a_second_one_changes_nothing()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var sweep = Submissions.Valid(folds: 2);
        string text = (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(sweep))).Text;
        Assert.Equal("""{"sweep":"sweep","planned":6,"reused":0,"revived":0}""", text);
        Assert.Equal(200, (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(sweep))).Status);
        Assert.Equal(sweep.Jobs.Select(job => job.Job.Id), api.Reads.Sweep("sweep").Jobs.Select(job => job.Id));
        Assert.Equal(sweep.Definition.ToJson(), api.Reads.Sweep("sweep").Definition);
    }

    [Theory]
    [InlineData("id", "FineTune in revision")]
    [InlineData("spec", "FineTune in revision")]
    [InlineData("stage", "the nearest is FineTune")]
    [InlineData("parent", "is not an earlier job")]
    [InlineData("name", "without / and")]
    [InlineData("experiment", "definition.experiment")]
    [InlineData("fold", "is not a job of the plan")]
    [InlineData("stage of fold", "has no FineTune")]
    [InlineData("priority", "the priority must be from -1000 to 1000")]
    [InlineData("stallAfter", "stallAfter must be a number of seconds from 10 to 1000000")]
    [InlineData("corpus", "its digest is")]
    [InlineData("none", "1 to 100000 jobs")]
    [InlineData("null", "name, definition, jobs")]
    public async Task An_inconsistent_plan_is_refused_as_a_whole(string spoiled, string says)
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var json = JsonSerializer.SerializeToNode(Submissions.Valid(), ApiJson.Options)!.AsObject();
        JsonNode job = json["jobs"]![0]!["job"]!;
        Action spoil = spoiled switch
        {
            "id" => () => job["id"] = new string('0', 32),
            "spec" => () => job["spec"]!["fold"] = "another",
            "stage" => () => job["stage"] = "FineTone",
            "parent" => () => json["jobs"]![1]!["job"]!["after"]![0] = new string('1', 32),
            "name" => () => json["name"] = "../sweep",
            "experiment" => () => json["definition"]!["experiment"]!["lamda"] = 1,
            "fold" => () => json["definition"]!["folds"]![0]!["jobs"]!["Evaluate"] = new string('2', 32),
            "stage of fold" => () => json["definition"]!["folds"]![0]!["jobs"]!.AsObject().Remove("FineTune"),
            "priority" => () => json["definition"]!["experiment"]!["farm"]!["priority"] = 1001,
            "stallAfter" => () => job["spec"]!["hints"]!["stallAfter"] = 1e300,
            "corpus" => () => json["corpus"]!["utterances"]![0]!["class"] = 1,
            "none" => () => json["jobs"] = new JsonArray(),
            _ => () => json.Remove("definition"),
        };
        spoil();
        var answer = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(json.ToJsonString()));
        Assert.Equal(422, answer.Status);
        Assert.Contains(says, answer.Detail, StringComparison.Ordinal);
        Assert.Empty(api.Reads.Sweeps());
    }

    [Fact]
    public async Task What_is_no_json_and_what_is_too_large_are_refused()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var torn = await api.SendAsync("POST", "/api/sweeps", Submissions.Body("{\"name\":"));
        Assert.Equal(400, torn.Status);
        Assert.Contains("not a submission", torn.Detail, StringComparison.Ordinal);

        // A small body that unpacks to more than the largest submission.
        var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] blanks = new byte[1 << 20];
            blanks.AsSpan().Fill((byte)' ');
            for (int i = 0; i <= 400; i++)
            {
                await gzip.WriteAsync(blanks, TestContext.Current.CancellationToken);
            }
        }

        var body = new ByteArrayContent(bomb.ToArray())
        {
            Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } },
        };
        Assert.Equal(413, (await api.SendAsync("POST", "/api/sweeps", body)).Status);
        Assert.Empty(api.Reads.Sweeps());
    }

    [Fact]
    public async Task Thirty_thousand_jobs_pass()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var answer = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid(folds: 10_000)));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(30_000, answer.Json.GetProperty("planned").GetInt32());
    }

    [Fact]
    public async Task Inputs_are_stored_completely_or_not_at_all_and_a_plan_waits_for_them()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var sweep = Submissions.Valid() with { SharedPaths = false };
        var early = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(sweep));
        Assert.Equal(409, early.Status);
        Assert.Contains(Submissions.Digest, early.Detail, StringComparison.Ordinal);
        Assert.Empty(api.Reads.Sweeps());

        string path = $"/api/inputs/{Submissions.Digest}";
        var torn = await api.SendAsync("PUT", path, new ByteArrayContent(Submissions.Recording[..5]));
        Assert.Equal(422, torn.Status);
        Assert.Contains("cut off", torn.Detail, StringComparison.Ordinal);
        Assert.Equal(404, (await api.SendAsync("HEAD", path)).Status);
        Assert.Empty(Directory.EnumerateFiles(_folder.At("data", "inputs"), "*", SearchOption.AllDirectories));
        var recording = new ByteArrayContent(Submissions.Recording);
        Assert.Equal(400, (await api.SendAsync("PUT", "/api/inputs/..%2F..%2Ftokens.json", recording)).Status);

        Assert.Equal(201, (await api.SendAsync("PUT", path, new ByteArrayContent(Submissions.Recording))).Status);
        Assert.Equal(200, (await api.SendAsync("HEAD", path)).Status);
        byte[] stored = await File.ReadAllBytesAsync(api.Inputs.PathOf(Submissions.Digest), TestContext.Current.CancellationToken);
        Assert.Equal(Submissions.Recording, stored);
        Assert.Equal(200, (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(sweep))).Status);
    }

    [Fact]
    public async Task Sweeps_are_cancelled_and_resumed_and_unknown_ones_are_reported()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid("lambda")));
        Assert.Equal("""{"sweep":"lambda","cancelled":3,"asked":false}""", (await api.SendAsync("POST", "/api/sweeps/lambda/cancel")).Text);
        Assert.Equal(SweepState.Cancelled, api.Reads.Sweep("lambda").State);
        Assert.Equal("""{"sweep":"lambda","revived":3}""", (await api.SendAsync("POST", "/api/sweeps/lambda/resume")).Text);
        Assert.Equal(SweepState.Unfinished, api.Reads.Sweep("lambda").State);

        var unknown = await api.SendAsync("POST", "/api/sweeps/lamda/cancel");
        Assert.Equal((404, "there is no sweep named lamda: the nearest is lambda"), (unknown.Status, unknown.Detail));
        Assert.Equal(404, (await api.SendAsync("POST", "/api/jobs/zz/retry")).Status);
        Assert.Contains("csv", (await api.SendAsync("GET", "/api/sweeps/lambda/results?format=cvs")).Detail, StringComparison.Ordinal);
    }
}

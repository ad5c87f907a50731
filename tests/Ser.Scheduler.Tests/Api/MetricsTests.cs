using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Api;

/// <summary>The metrics that Prometheus reads, and that the Grafana board in deploy/ uses no others.</summary>
public sealed partial class MetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_series_of_the_board_is_there()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder, (_, _) => { });
        await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid(folds: 1)));
        string text = "";
        Assert.True(SpinWait.SpinUntil(() =>
        {
            text = api.SendAsync("GET", "/metrics").GetAwaiter().GetResult().Text;
            return text.Contains("ser_worker_resident_bytes{worker=\"w\",device=\"cpu\"}", StringComparison.Ordinal);
        }, TimeSpan.FromMinutes(1)));

        string file = Path.Combine(Repository.Root, "deploy", "grafana", "ser.json");
        using var board = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var panels = board.RootElement.GetProperty("panels").EnumerateArray();
        var targets = panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray());
        var queries = targets.Select(target => target.GetProperty("expr").GetString()!);
        string[] asked = [.. queries.SelectMany(query => Series().Matches(query)).Select(match => match.Value).Distinct()];
        Assert.InRange(asked.Length, 10, 100);
        Assert.All(asked, series => Assert.Contains($"# TYPE {series} ", text, StringComparison.Ordinal));
        const string Line = @"^(# (HELP|TYPE) ser_\w+ .+|ser_\w+(\{\w+=""[^""]*""(,\w+=""[^""]*"")*\})? -?[0-9.E+]+)$";
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(Line, line));
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("?device=cpu", 1)]
    [InlineData("?device=cuda", 1)]
    [InlineData("?device=cuda&memoryGiB=16&label=nvlink", 1)]
    [InlineData("?device=cuda&memoryGiB=80&label=nvlink&label=a100", 3)]
    public async Task Each_kind_of_worker_is_scaled_by_what_it_could_take(string query, int ready)
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var store = api.Services.GetRequiredService<ISweepCommands>();
        store.Submit(Plans.Sweep("gpu", "A", "B").With(new JobHints { Needs = new JobNeeds("cuda", 24, ["nvlink"]) }));
        store.Submit(Plans.Sweep("any", "C"));

        Assert.Contains($"\nser_jobs_ready {ready}\n", (await api.SendAsync("GET", $"/metrics{query}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_says_what_its_gpu_does()
    {
        var reading = GpuStatus.Parse("81559, 1024, 37\n")!;
        Assert.Equal((81559L << 20, 1024L << 20, 0.37), (reading.TotalBytes, reading.Bytes, reading.Utilisation));
        Assert.Null(GpuStatus.Parse("81559, 1024, [N/A]")!.Utilisation);
        Assert.Null(GpuStatus.Parse("No devices were found"));
    }

    [GeneratedRegex(@"ser_\w+")]
    private static partial Regex Series();
}

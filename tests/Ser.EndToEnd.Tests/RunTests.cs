using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

public sealed class RunTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    [Fact]
    public async Task A_sweep_runs_once_and_an_overlapping_one_trains_only_what_is_new()
    {
        var first = await SerProcess.RunAsync(experiments.Folder, "run", "experiment.yaml", "--json");
        Assert.True(first.ExitCode == 0, first.Errors);
        var results = first.Json();
        Assert.Equal((18, 0, 18, 0), Jobs(results));
        Assert.Equal(14, results.GetProperty("rows").GetArrayLength());
        foreach (var row in results.GetProperty("rows").EnumerateArray())
        {
            Assert.Equal(72, row.GetProperty("confusion").EnumerateArray().Sum(line => line.EnumerateArray().Sum(n => n.GetInt32())));
            Assert.InRange(row.GetProperty("ua").GetProperty("pooled").GetDouble(), 0, 1);
            Assert.Equal(3, row.GetProperty("folds").GetArrayLength());
        }

        var second = await SerProcess.RunAsync(experiments.Folder, "run", "experiment.yaml", "--json");
        Assert.Equal((18, 18, 0, 0), Jobs(second.Json()));
        Assert.Equal(results.GetProperty("digest").GetString(), second.Digest);
        Assert.Contains("no training", second.Errors, StringComparison.OrdinalIgnoreCase);

        experiments.WriteExperiment("wider.yaml", epochs: 3, lambda: "[0, 0.1, 0.5]");
        var wider = await SerProcess.RunAsync(experiments.Folder, "run", "wider.yaml", "--json");
        Assert.Equal((27, 18, 9, 0), Jobs(wider.Json()));

        var shown = await SerProcess.RunAsync(experiments.Folder, "results", "experiment", "--format", "json");
        Assert.Equal(results.GetProperty("digest").GetString(), shown.Digest);
        foreach (string format in (string[])["table", "csv", "markdown", "latex"])
        {
            var text = await SerProcess.RunAsync(experiments.Folder, "results", "experiment", "--format", format);
            Assert.True(text.ExitCode == 0 && text.Output.Length > 200, $"{format}: {text.Errors}");
        }

        var status = (await SerProcess.RunAsync(experiments.Folder, "status", "--json")).Json().GetProperty("sweeps");
        Assert.Equal(["done", "done"], status.EnumerateArray().Select(sweep => sweep.GetProperty("state").GetString()));

        var plan = (await SerProcess.RunAsync(experiments.Folder, "plan", "experiment.yaml", "--json")).Json();
        var noise = plan.GetProperty("noise");
        Assert.Equal((72, true), (noise.GetProperty("utterances").GetInt32(), noise.GetProperty("paperGainInside").GetBoolean()));
        Assert.Contains("warning: " + noise.GetProperty("text").GetString(), first.Errors, StringComparison.Ordinal);
        Assert.All(plan.GetProperty("jobs").EnumerateArray(), job => Assert.True(job.GetProperty("done").GetBoolean()));
    }

    private static (int Planned, int Reused, int Run, int Failed) Jobs(System.Text.Json.JsonElement results)
    {
        int Count(string key) => results.GetProperty("jobs").GetProperty(key).GetInt32();
        return (Count("planned"), Count("reused"), Count("run"), Count("failed"));
    }
}

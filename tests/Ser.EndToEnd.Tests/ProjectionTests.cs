using System.Text.Json;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

public sealed class ProjectionTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    [Fact]
    public async Task A_sweep_is_projected_on_request_and_nothing_else_of_it_changes()
    {
        experiments.WriteExperiment("projected.yaml", epochs: 1, lambda: "0.1");
        var plain = (await SerProcess.RunAsync(experiments.Folder, "run", "projected.yaml", "--json")).Json();
        string[] sets = ["--set", "projection.methods=[pca,tsne]", "--set", "projection.iterations=100"];
        var plan = await SerProcess.RunAsync(experiments.Folder, ["plan", "projected.yaml", .. sets]);
        Assert.Contains("12 jobs (FineTune → BuildDatastore → Evaluate → Project), 9 done", plan.Output, StringComparison.Ordinal);
        Assert.Contains("projection.perplexity 30 is more than", plan.Errors, StringComparison.Ordinal);

        var projected = await SerProcess.RunAsync(experiments.Folder, ["run", "projected.yaml", "--json", .. sets]);
        Assert.True(projected.ExitCode == 0, projected.Errors);
        var jobs = projected.Json().GetProperty("jobs");
        Assert.Equal(12, jobs.GetProperty("planned").GetInt32());
        Assert.Equal(9, jobs.GetProperty("reused").GetInt32());
        Assert.Equal(3, jobs.GetProperty("run").GetInt32());
        Assert.Equal(plain.GetProperty("digest").GetString(), projected.Digest);
        Assert.Equal(plain.GetProperty("rows").ToString(), projected.Json().GetProperty("rows").ToString());

        string artifacts = Path.Combine(experiments.Folder, "data", "artifacts", "Project");
        string[] left = Directory.GetFiles(artifacts, "projection.json", SearchOption.AllDirectories);
        Assert.Equal(3, left.Length);
        foreach (string file in left)
        {
            using var projection = JsonDocument.Parse(File.ReadAllText(file));
            var utterances = projection.RootElement.GetProperty("utterance").EnumerateArray().Select(index => index.GetInt32());
            Assert.Equal(Enumerable.Range(0, 72), utterances);
            foreach (string map in (string[])["pca", "tsne"])
            {
                Assert.Equal(72, projection.RootElement.GetProperty(map).GetProperty("x").GetArrayLength());
                Assert.Equal(72, projection.RootElement.GetProperty(map).GetProperty("y").GetArrayLength());
            }
        }

        var status = (await SerProcess.RunAsync(experiments.Folder, "status", "--json")).Json().GetProperty("sweeps")[0];
        Assert.Equal(("done", 3), (status.GetProperty("state").GetString(), status.GetProperty("folds").GetProperty("done").GetInt32()));
    }
}

using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Early stopping across the grid, by the real program.</summary>
public sealed class HalvingTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    private static readonly string[] Small =
    [
        "--set",
        "training.epochs=2",
        "--set",
        "training.maxSeconds=0.4",
        "--set",
        "grid={ lambda: [0, 0.5], augmentation: [none] }",
    ];

    [Fact]
    public async Task Worse_arms_park_and_once_they_continue_the_sweep_has_the_same_results()
    {
        string[] run = ["run", "experiment.yaml", "--json", .. Small];
        var halved = await SerProcess.RunAsync(experiments.Folder, [.. run, "--set", "name=halved", "--set", "halving.epochs=[1]"]);
        Assert.True(halved.ExitCode == 0, halved.Errors);
        var missing = halved.Json().GetProperty("missing").EnumerateArray().ToList();
        Assert.Equal(3, missing.Count);
        foreach (var fold in missing)
        {
            string? reason = fold.GetProperty("reason").GetString();
            Assert.Contains("after epoch 1 its pooled validation UA", reason, StringComparison.Ordinal);
        }
        var status = await SerProcess.RunAsync(experiments.Folder, "status");
        Assert.Contains("halved: done, 3/6 folds done", status.Output, StringComparison.Ordinal);

        var whole = await SerProcess.RunAsync(experiments.Folder, "resume", "halved", "--parked", "--json");
        Assert.True(whole.ExitCode == 0, whole.Errors);
        Assert.Empty(whole.Json().GetProperty("missing").EnumerateArray());
        string other = Path.Combine(experiments.Folder, "other");
        var straight = await SerProcess.RunAsync(experiments.Folder, [.. run, "--data", other, "--set", "name=straight"]);
        Assert.Equal(straight.Digest, whole.Digest);
    }
}

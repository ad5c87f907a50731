namespace Ser.EndToEnd.Tests;

/// <summary>Early stopping across the grid, by the real program.</summary>
public sealed class HalvingTests(Laboratory laboratory) : IClassFixture<Laboratory>
{
    private static readonly string[] Small = ["--set", "training.epochs=2", "--set", "training.maxSeconds=0.4", "--set", "grid={ lambda: [0, 0.5], augmentation: [none] }"];

    [Fact]
    public async Task Worse_arms_park_and_once_they_go_on_the_sweep_is_what_it_would_have_been()
    {
        var halved = await SerProcess.RunAsync(laboratory.Folder, ["run", "experiment.yaml", "--json", "--set", "name=halved", "--set", "halving.epochs=[1]", .. Small]);
        Assert.True(halved.ExitCode == 0, halved.Errors);
        var missing = halved.Json().GetProperty("missing").EnumerateArray().ToList();
        Assert.Equal(3, missing.Count);
        Assert.All(missing, fold => Assert.Contains("after epoch 1 its pooled validation UA", fold.GetProperty("reason").GetString(), StringComparison.Ordinal));
        var status = await SerProcess.RunAsync(laboratory.Folder, "status");
        Assert.Contains("halved: done, 3/6 folds done", status.Output, StringComparison.Ordinal);

        var whole = await SerProcess.RunAsync(laboratory.Folder, "resume", "halved", "--parked", "--json");
        Assert.True(whole.ExitCode == 0, whole.Errors);
        Assert.Empty(whole.Json().GetProperty("missing").EnumerateArray());
        var straight = await SerProcess.RunAsync(laboratory.Folder, ["run", "experiment.yaml", "--json", "--data", Path.Combine(laboratory.Folder, "other"), "--set", "name=straight", .. Small]);
        Assert.Equal(straight.Json().GetProperty("digest").GetString(), whole.Json().GetProperty("digest").GetString());
    }
}

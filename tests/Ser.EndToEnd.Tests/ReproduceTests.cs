using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser reproduce` of one fold, with the same and with another number of threads.</summary>
[Collection(FinishedSweepCollection.Name)]
public sealed class ReproduceTests(FinishedSweep sweep)
{
    private static readonly string[] Fold = ["reproduce", FinishedSweep.Name, "--fold", "2", "--lambda", "0.1"];

    [Fact]
    public async Task A_fold_comes_out_the_same_to_the_bit_and_the_sweep_is_not_touched()
    {
        var before = Stored();
        var ended = await SerProcess.RunAsync(sweep.Folder, [.. Fold, "--json"]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        var again = ended.Json();
        Assert.Equal("bits", again.GetProperty("verdict").GetString());
        Assert.Equal(0.0, again.GetProperty("probability").GetDouble());
        Assert.Equal(0, again.GetProperty("neighbours").GetInt32());
        Assert.Equal(5, again.GetProperty("files").GetArrayLength());
        foreach (var file in again.GetProperty("files").EnumerateArray())
        {
            Assert.True(file.GetProperty("same").GetBoolean(), file.ToString());
        }

        Assert.Equal(0, again.GetProperty("environment").GetArrayLength());
        Assert.Equal(before, Stored());
    }

    [Fact]
    public async Task Another_thread_count_is_reported()
    {
        var ended = await SerProcess.RunAsync(sweep.Folder, [.. Fold, "--threads", "2", "--json"]);
        var again = ended.Json();
        string verdict = again.GetProperty("verdict").GetString()!;
        Assert.True(ended.ExitCode == (verdict == "different" ? 1 : 0), ended.Errors);
        var files = again.GetProperty("files").EnumerateArray();
        var model = files.Single(file => file.GetProperty("name").GetString() == "model.safetensors");
        Assert.False(model.GetProperty("same").GetBoolean());
        var threads = again.GetProperty("environment").EnumerateArray().First(fact => fact.GetProperty("what").GetString() == "threads");
        Assert.Equal(("1", "2"), (threads.GetProperty("recorded").GetString(), threads.GetProperty("now").GetString()));
    }

    [Theory]
    [InlineData("λ=0 noise seed 1; λ=0.1 noise seed 1. Select one with --lambda", "--fold", "1")]
    [InlineData("folds 1 to 3", "--fold", "4", "--lambda", "0")]
    [InlineData("no such arm", "--fold", "1", "--lambda", "0.2")]
    [InlineData("is not the sweep's corpus", "--fold", "1", "--lambda", "0", "--corpus", "synthetic")]
    [InlineData("leave it out", "--fold", "1", "--lambda", "0", "--weights", "corpus.csv")]
    [InlineData("--fold is 0", "--fold", "0", "--lambda", "0")]
    public async Task Wrong_input_is_named(string expected, params string[] options)
    {
        var ended = await SerProcess.RunAsync(sweep.Folder, ["reproduce", FinishedSweep.Name, .. options]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    private List<(string, DateTime)> Stored()
    {
        string artifacts = Path.Combine(sweep.Folder, "data", "artifacts");
        var files = Directory.EnumerateFiles(artifacts, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return [.. files.Select(path => (path, File.GetLastWriteTimeUtc(path)))];
    }
}

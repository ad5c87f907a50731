using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser weights` on reference checkpoints, and experiments that start from one of them.</summary>
public sealed class WeightsTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    private static string Vector(string file) =>
        Path.Combine(Repository.Root, "tests/vectors/03_checkpoints", file);

    [Fact]
    public async Task Show_prints_layout_architecture_and_tensors()
    {
        var shown = await SerProcess.RunAsync(experiments.Folder, "weights", "show", Vector("fairseq/ctc_finetuned.pt"), "--json");
        Assert.Equal(0, shown.ExitCode);
        var json = shown.Json();
        Assert.Equal("fairseq", json.GetProperty("layout").GetString());
        Assert.Equal(4, json.GetProperty("architecture").GetProperty("heads").GetInt32());
        Assert.Equal(53, json.GetProperty("tensors").GetArrayLength());
        Assert.Equal(0, json.GetProperty("missing").GetArrayLength());
        Assert.Contains("w2v_encoder.proj.bias", json.GetProperty("unused").EnumerateArray().Select(name => name.GetString()));

        var text = await SerProcess.RunAsync(experiments.Folder, "weights", "show", Vector("torchaudio/state_dict_legacy.pth"));
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("torchaudio", text.Output, StringComparison.Ordinal);
        Assert.Contains("--heads", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_writes_three_files_once()
    {
        string output = Path.Combine(experiments.Folder, "imported", "model.safetensors");
        string[] import = ["weights", "import", Vector("torchaudio/state_dict.pth"), "--output", output];
        var unknown = await SerProcess.RunAsync(experiments.Folder, import);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("--heads", unknown.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(output)));

        var imported = await SerProcess.RunAsync(experiments.Folder, [.. import, "--heads", "4"]);
        Assert.True(imported.ExitCode == 0, imported.Errors);
        byte[] written = await File.ReadAllBytesAsync(output);
        Assert.Equal(3, Directory.GetFiles(Path.GetDirectoryName(output)!).Length);

        var again = await SerProcess.RunAsync(experiments.Folder, [.. import, "--heads", "4"]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--overwrite", again.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await SerProcess.RunAsync(experiments.Folder, [.. import, "--heads", "4", "--overwrite"])).ExitCode);
        Assert.Equal(written, await File.ReadAllBytesAsync(output));
    }

    [Theory]
    [InlineData("fairseq/old_args_legacy.pt")]
    [InlineData("hf_model/pytorch_model.bin")]
    public async Task An_experiment_takes_any_layout(string file)
    {
        string weights = $"encoder.weights={Vector(file)}";
        var planned = await SerProcess.RunAsync(experiments.Folder, "plan", "experiment.yaml", "--set", weights, "--json");
        Assert.True(planned.ExitCode == 0, planned.Errors);
    }

    [Theory]
    [InlineData("show", "nonesuch.pt", "nonesuch.pt")]
    [InlineData("show", "experiment.yaml", "not a checkpoint")]
    [InlineData("import", "truncated.pt", "truncated.pt")]
    [InlineData("import", "trap.pt", "posix.system")]
    public async Task A_wrong_file_is_named_and_changes_nothing(string command, string file, string expected)
    {
        byte[] whole = await File.ReadAllBytesAsync(Vector("fairseq/old_args_legacy.pt"));
        await File.WriteAllBytesAsync(Path.Combine(experiments.Folder, "truncated.pt"), whole[..100_000]);

        // The first pickles of the stream, then a call.
        await File.WriteAllBytesAsync(Path.Combine(experiments.Folder, "trap.pt"), [.. whole[..137], 0x80, 2, .. "cposix\nsystem\n(tR."u8]);
        string[] before = Directory.GetFileSystemEntries(experiments.Folder);
        var ended = await SerProcess.RunAsync(experiments.Folder, "weights", command, file);
        Assert.True(ended.ExitCode == 2, $"exit code {ended.ExitCode}: {ended.Errors}");
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
        Assert.Equal(before, Directory.GetFileSystemEntries(experiments.Folder));
    }
}

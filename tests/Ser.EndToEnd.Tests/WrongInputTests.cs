using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Wrong input gives exit code 2 and one clear message, and changes nothing.</summary>
public sealed class WrongInputTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    [Theory]
    [InlineData("nonesuch.yaml", "", "nonesuch.yaml")]
    [InlineData("experiment.yaml", "grid.lambda=1.5", "from 0 to 1")]
    [InlineData("experiment.yaml", "retrieval.k=0", "from 1 to 32")]
    [InlineData("experiment.yaml", "retrieval.k=[1, 32]", "datastore")]
    [InlineData("experiment.yaml", "training.epoch=3", "epochs")]
    [InlineData("experiment.yaml", "encoder.preset=tinny", "tiny")]
    [InlineData("experiment.yaml", "corpus=csv:nonesuch.csv", "nonesuch.csv")]
    [InlineData("experiment.yaml", "corpus=iemocop:x", "iemocap")]
    [InlineData("experiment.yaml", "encoder.weights=nonesuch.safetensors", "nonesuch.safetensors")]
    [InlineData("experiment.yaml", "augmentation.noiseFiles=nonesuch", "nonesuch: there is no such file or folder")]
    [InlineData("experiment.yaml", "augmentation.noiseFiles=[corpus.csv, nothing]", "augmentation.noiseFiles: 2 problems")]
    [InlineData("experiment.yaml", "augmentation.responseFiles=silence.wav", "silent")]
    [InlineData("experiment.yaml", "augmentation.noise=x", "noiseFiles")]
    [InlineData("experiment.yaml", "folds=2", "from 3 to")]
    public async Task Run_names_what_is_wrong_and_what_would_be_right(string file, string set, string expected)
    {
        string data = Path.Combine(experiments.Folder, "never");
        await File.WriteAllBytesAsync(Path.Combine(experiments.Folder, "silence.wav"), WavBytes.FromSamples(new short[800]));
        string[] sets = set.Length == 0 ? [] : ["--set", set];
        foreach (string command in (string[])["run", "plan"])
        {
            var ended = await SerProcess.RunAsync(experiments.Folder, [command, file, .. sets, "--data", data]);
            Assert.True(ended.ExitCode == 2, $"{command}: exit code {ended.ExitCode}: {ended.Errors}");
            Assert.Contains(expected, ended.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
            Assert.Empty(ended.Output);
            Assert.False(Directory.Exists(data), $"{command} left {data}");
        }
    }

    [Theory]
    [InlineData("import", "bundle.zip")]
    [InlineData("plan", "experiment.yaml")]
    [InlineData("doctor")]
    public async Task A_scheduler_is_not_left_out_silently(params string[] command)
    {
        var ended = await SerProcess.RunAsync(experiments.Folder, [.. command, "--server", "http://127.0.0.1:9"]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"ser {command[0]} works on a data folder: leave out --server", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_key_in_a_file_has_line_column_and_nearest_key()
    {
        await File.WriteAllTextAsync(Path.Combine(experiments.Folder, "typo.yaml"), "name: typo\ntraining:\n  epoch: 3\n");
        var ended = await SerProcess.RunAsync(experiments.Folder, "run", "typo.yaml");
        Assert.Equal(2, ended.ExitCode);
        Assert.Matches("typo\\.yaml.*3.*3.*epoch.*epochs", ended.Errors.ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData("a,angry,only")]
    [InlineData("a,angry,x|b,puzzled,y")]
    [InlineData("a,angry,x|a,angry,x")]
    [InlineData("missing,angry,x|a,angry,y")]
    public async Task A_corpus_with_problems_is_refused_file_by_file(string rows)
    {
        string wav = Directory.EnumerateFiles(experiments.Folder, "*.wav", SearchOption.AllDirectories).First();
        string folder = Directory.CreateTempSubdirectory("ser-corpus-").FullName;
        File.Copy(wav, Path.Combine(folder, "a.wav"));
        File.Copy(wav, Path.Combine(folder, "b.wav"));
        string manifest = Path.Combine(folder, "m.csv");
        var lines = rows.Split('|').Select(row => row.Insert(row.IndexOf(','), ".wav"));
        await File.WriteAllLinesAsync(manifest, ["path,label,speaker", .. lines]);
        string[] options = ["--set", $"corpus=csv:{manifest}", "--data", Path.Combine(experiments.Folder, "never")];
        var ended = await SerProcess.RunAsync(experiments.Folder, ["run", "experiment.yaml", .. options]);
        Assert.Equal(2, ended.ExitCode);
        string named = rows.Contains("missing", StringComparison.Ordinal) ? "missing.wav" : "m.csv";
        Assert.Contains(named, ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(experiments.Folder, "never")));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("results", "x")]
    [InlineData("resume", "x")]
    [InlineData("cancel", "x")]
    [InlineData("retry", "abc")]
    public async Task A_data_folder_that_is_not_there_is_named(params string[] command)
    {
        string data = Path.Combine(experiments.Folder, "absent");
        var ended = await SerProcess.RunAsync(experiments.Folder, [.. command, "--data", data]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(data, ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task An_unknown_command_or_option_is_wrong_input()
    {
        Assert.Equal(2, (await SerProcess.RunAsync(experiments.Folder, "rum")).ExitCode);
        Assert.Equal(2, (await SerProcess.RunAsync(experiments.Folder, "run")).ExitCode);
        Assert.Equal(2, (await SerProcess.RunAsync(experiments.Folder, "status", "--frobnicate")).ExitCode);
        var help = await SerProcess.RunAsync(experiments.Folder, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("demo", help.Output, StringComparison.Ordinal);
    }
}

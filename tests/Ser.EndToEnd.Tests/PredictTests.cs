using System.Text.Json;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser predict` on recordings of the corpus, on broken ones, and with wrong input.</summary>
[Collection(FinishedSweepCollection.Name)]
public sealed class PredictTests(FinishedSweep sweep)
{
    [Fact]
    public async Task The_choice_is_that_of_ser_results_and_answers_are_those_of_the_evaluation()
    {
        var results = (await SerProcess.RunAsync(sweep.Folder, "results", FinishedSweep.Name, "--json")).Json();
        var row = results.GetProperty("rows").EnumerateArray()
            .Where(one => Text(one, "inference") == "model+knn")
            .Where(one => Text(one, "selection") == "pooled-validation")
            .Single(one => Text(one, "arm") == "λ=0.1 noise seed 1");
        var fold = row.GetProperty("folds")[1];
        string[] speakers = [.. fold.GetProperty("testSpeakers").EnumerateArray().Select(name => name.GetString()!)];
        var corpus = (await File.ReadAllLinesAsync(Path.Combine(sweep.Folder, "corpus.csv"))).Skip(1).Select(line => line.Split(','));
        string[] tested = [.. corpus.Where(parts => speakers.Contains(parts[2])).Select(parts => parts[0])];
        string[] options = ["--sweep", FinishedSweep.Name, "--lambda", "0.1", "--fold", "2", "--json"];
        var ended = await SerProcess.RunAsync(sweep.Folder, ["predict", .. options, .. tested]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        var predicted = ended.Json();
        Assert.Equal(row.GetProperty("k").GetInt32(), predicted.GetProperty("k").GetInt32());
        Assert.Equal(row.GetProperty("alpha").GetDouble(), predicted.GetProperty("alpha").GetDouble());

        var evaluation = Evaluation(fold.GetProperty("jobId").GetString()!).GetProperty("test");
        var expected = evaluation.GetProperty("probabilities").EnumerateArray().Select(Bits);
        var actual = Files(predicted).Select(file => Bits(file.GetProperty("model").GetProperty("probabilities")));
        Assert.Equal(expected.Order(), actual.Order());
        Assert.All(Files(predicted), file => Assert.Equal("test", Text(file.GetProperty("folds")[0], "side")));

        // Counted against the truth in the file names, the decisions give the confusion of the results.
        string[] classes = [.. predicted.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!)];
        (string Truth, string Answer) Decision(JsonElement file) =>
            (Path.GetFileName(Text(file, "file")).Split('_')[1], Text(file, "class")[..3]);
        var counted = Files(predicted).CountBy(Decision).ToDictionary();
        var confusion = fold.GetProperty("confusion");
        for (int truth = 0; truth < classes.Length; truth++)
        {
            for (int answer = 0; answer < classes.Length; answer++)
            {
                Assert.Equal(confusion[truth][answer].GetInt32(), counted.GetValueOrDefault((classes[truth][..3], classes[answer][..3])));
            }
        }
    }

    [Fact]
    public async Task A_folder_with_broken_files_is_labelled_as_far_as_it_goes()
    {
        string folder = Directory.CreateTempSubdirectory("ser-recordings-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "deep"));
        File.Copy(sweep.Recordings[0], Path.Combine(folder, "deep", "good.wav"));
        File.Copy(sweep.Recordings[1], Path.Combine(folder, "zeta.WAV"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "empty.wav"), []);
        await File.WriteAllTextAsync(Path.Combine(folder, "text.wav"), "no recording");
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "ignored");
        string[] predict = ["predict", "--sweep", FinishedSweep.Name, folder];
        var json = await SerProcess.RunAsync(sweep.Folder, [.. predict, "--json"]);
        Assert.Equal(1, json.ExitCode);
        var names = Files(json.Json()).Select(file => Path.GetFileName(Text(file, "file")));
        Assert.Equal(["good.wav", "empty.wav", "text.wav", "zeta.WAV"], names);
        Assert.Equal(2, json.Json().GetProperty("labelled").GetInt32());
        Assert.Equal(2, json.Json().GetProperty("skipped").GetInt32());
        Assert.Equal(3, Files(json.Json()).First().GetProperty("folds").GetArrayLength());
        Assert.Contains("mean", Text(json.Json(), "ensemble"), StringComparison.Ordinal);
        Assert.Contains("empty.wav", json.Errors, StringComparison.Ordinal);

        string table = Path.Combine(folder, "labels.csv");
        var csv = await SerProcess.RunAsync(sweep.Folder, [.. predict, "--out", table, "--json"]);
        Assert.Equal(1, csv.ExitCode);
        Assert.Equal(2, csv.Json().GetProperty("labelled").GetInt32());
        Assert.Equal(5, (await File.ReadAllLinesAsync(table)).Length);
        var again = await SerProcess.RunAsync(sweep.Folder, [.. predict, "--out", table]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--overwrite", again.Errors, StringComparison.Ordinal);
        var lines = await SerProcess.RunAsync(sweep.Folder, [.. predict, "--format", "jsonl"]);
        Assert.All(lines.Output.TrimEnd().Split('\n'), line => JsonDocument.Parse(line).Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_finished_part_as_one_valid_document()
    {
        string many = Directory.CreateTempSubdirectory("ser-many-").FullName;
        for (int i = 0; i < 4000; i++)
        {
            File.CreateSymbolicLink(Path.Combine(many, $"{i:0000}.wav"), sweep.Recordings[i % sweep.Recordings.Length]);
        }

        string table = Path.Combine(many, "labels.json");
        using var labelling = SerProcess.Start(sweep.Folder, "predict", "--sweep", FinishedSweep.Name, many, "--out", table);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!labelling.HasExited && !(File.Exists(table + ".part") && new FileInfo(table + ".part").Length > 20_000))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        labelling.Interrupt();
        var ended = await labelling.EndAsync();
        Assert.True(ended.ExitCode == 130, ended.Errors);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(table));
        Assert.True(document.RootElement.GetProperty("interrupted").GetBoolean());
        Assert.InRange(document.RootElement.GetProperty("files").GetArrayLength(), 1, 3999);
        int files = document.RootElement.GetProperty("files").GetArrayLength();
        Assert.Equal(document.RootElement.GetProperty("labelled").GetInt32(), files);
        Assert.False(File.Exists(table + ".part"));
        Directory.Delete(many, recursive: true);
    }

    [Theory]
    [InlineData("nearest is tools", "--sweep", "tolls", "experiment.yaml")]
    [InlineData("nonesuch.wav", "--sweep", "tools", "nonesuch.wav")]
    [InlineData("no recording", "--sweep", "tools", "nothing")]
    [InlineData("stores 48 rows", "--sweep", "tools", "--k", "100", "--alpha", "0.5", "experiment.yaml")]
    [InlineData("--alpha too", "--sweep", "tools", "--k", "40", "experiment.yaml")]
    [InlineData("from 0", "--sweep", "tools", "--alpha", "1.5", "experiment.yaml")]
    [InlineData("folds 1 to 3", "--sweep", "tools", "--fold", "7", "experiment.yaml")]
    [InlineData("λ=0.1 noise seed 1", "--sweep", "tools", "--lambda", "0.5", "experiment.yaml")]
    [InlineData("one of the recordings", "--sweep", "tools", "--out", "experiment.yaml", "experiment.yaml")]
    [InlineData("--out", "--sweep", "tools", "--json", "--format", "csv", "experiment.yaml")]
    [InlineData("no finished fold", "--sweep", "unfinished", "experiment.yaml")]
    public async Task Wrong_input_is_named_with_what_would_be_right(string expected, params string[] arguments)
    {
        Directory.CreateDirectory(Path.Combine(sweep.Folder, "nothing"));
        await sweep.EnsureUnfinishedAsync();
        var ended = await SerProcess.RunAsync(sweep.Folder, ["predict", .. arguments]);
        Assert.True(ended.ExitCode == 2, $"exit code {ended.ExitCode}: {ended.Errors}");
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    private static IEnumerable<JsonElement> Files(JsonElement predicted) => predicted.GetProperty("files").EnumerateArray();

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static string Bits(JsonElement probabilities) =>
        string.Join(' ', probabilities.EnumerateArray().Select(p => BitConverter.DoubleToInt64Bits(p.GetDouble())));

    private JsonElement Evaluation(string jobId)
    {
        string folder = Path.Combine(sweep.Folder, "data", "artifacts", "Evaluate", jobId);
        string file = Directory.EnumerateFiles(folder, "evaluation.json", SearchOption.AllDirectories).Single();
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.Clone();
    }
}

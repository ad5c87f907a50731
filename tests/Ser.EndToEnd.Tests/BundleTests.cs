using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser export` and `ser import`: a sweep as one file, verified and shown on another machine without the corpus.</summary>
[Collection(FinishedSweepCollection.Name)]
public sealed class BundleTests(FinishedSweep sweep) : IDisposable
{
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("ser-bundle-").FullName;

    private string Bundle => Path.Combine(_elsewhere, "bundle.zip");

    [Fact]
    public async Task A_bundle_is_checked_and_shows_the_same_tables_elsewhere()
    {
        await ExportAsync(Bundle);
        await ExportAsync(Path.Combine(_elsewhere, "again.zip"));
        Assert.Equal(await File.ReadAllBytesAsync(Bundle), await File.ReadAllBytesAsync(Path.Combine(_elsewhere, "again.zip")));
        Assert.Equal(2, (await SerProcess.RunAsync(sweep.Folder, "export", FinishedSweep.Name, Bundle)).ExitCode);

        var imported = await SerProcess.RunAsync(_elsewhere, "import", "bundle.zip", "--json");
        Assert.True(imported.ExitCode == 0, imported.Errors);
        var results = (await SerProcess.RunAsync(sweep.Folder, "results", FinishedSweep.Name, "--json")).Json();
        Assert.Equal(results.GetProperty("digest").GetString(), imported.Digest);
        Assert.Equal(6, imported.Json().GetProperty("evaluations").GetInt32());
        var there = await SerProcess.RunAsync(_elsewhere, "results", FinishedSweep.Name, "--json");
        Assert.Equal(results.ToString(), there.Json().ToString());
        var status = await SerProcess.RunAsync(_elsewhere, "status", "--json");
        Assert.Equal("bundle.zip", status.Json().GetProperty("sweeps")[0].GetProperty("imported").GetString());

        await SerProcess.RunAsync(sweep.Folder, "report", FinishedSweep.Name, "--out", Path.Combine(_elsewhere, "there"));
        var report = await SerProcess.RunAsync(_elsewhere, "report", FinishedSweep.Name, "--out", "here");
        Assert.True(report.ExitCode == 0, report.Errors);
        string original = await File.ReadAllTextAsync(Path.Combine(_elsewhere, "there", "report.md"));
        Assert.Equal(original, await File.ReadAllTextAsync(Path.Combine(_elsewhere, "here", "report.md")));

        // Importing it again changes nothing; another bundle by that name is refused, and so are commands that need its jobs.
        Assert.Equal(0, (await SerProcess.RunAsync(_elsewhere, "import", "bundle.zip")).ExitCode);
        string other = Path.Combine(_elsewhere, "other.zip");
        await ExportAsync(other, "--weights");
        await RefusedAsync("another bundle was already imported as tools", _elsewhere, "import", other);
        await RefusedAsync("cannot be resumed", _elsewhere, "resume", FinishedSweep.Name);
        await RefusedAsync("cannot be run", _elsewhere, "run", Path.Combine(sweep.Folder, "tools.yaml"));
        await RefusedAsync("without its models", _elsewhere, "predict", "--sweep", FinishedSweep.Name, sweep.Recordings[0]);
        await RefusedAsync("is a sweep of this data folder", sweep.Folder, "import", Bundle);

        // With its models it predicts what the original predicts.
        Assert.Equal(0, (await SerProcess.RunAsync(_elsewhere, "import", other, "--as", "with models")).ExitCode);
        string[] predict = [sweep.Recordings[0], "--json", "--lambda", "0", "--fold", "1", "--sweep"];
        var answers = await Task.WhenAll(
            SerProcess.RunAsync(_elsewhere, ["predict", .. predict, "with models"]),
            SerProcess.RunAsync(sweep.Folder, ["predict", .. predict, FinishedSweep.Name]));
        Assert.Equal(answers[1].Json().GetProperty("files").ToString(), answers[0].Json().GetProperty("files").ToString());
    }

    [Fact]
    public async Task Predictions_that_were_changed_with_every_digest_around_them_are_refused_by_the_tables()
    {
        await ExportAsync(Bundle);
        using (var zip = ZipFile.Open(Bundle, ZipArchiveMode.Update))
        {
            var evaluation = zip.Entries.First(entry => entry.Name == "evaluation.json");
            var changed = JsonNode.Parse(Text(evaluation))!;
            var p = changed["test"]!["probabilities"]![0]!.AsArray();
            (p[0], p[1]) = (p[1]!.DeepClone(), p[0]!.DeepClone());
            string path = evaluation.FullName, manifestPath = path.Replace("evaluation.json", "result.json", StringComparison.Ordinal);
            byte[] bytes = Replace(zip, path, changed.ToJsonString());
            var manifest = JsonNode.Parse(Text(zip.GetEntry(manifestPath)!))!;
            string before = Digest(Encoding.UTF8.GetBytes(Text(zip.GetEntry(manifestPath)!)));
            (manifest["files"]![0]!["bytes"], manifest["files"]![0]!["sha256"]) = (bytes.Length, Digest(bytes));
            byte[] manifestBytes = Replace(zip, manifestPath, manifest.ToJsonString());
            string planText = Text(zip.GetEntry("plan.json")!).Replace(before, Digest(manifestBytes), StringComparison.Ordinal);
            byte[] plan = Replace(zip, "plan.json", planText);
            var index = JsonNode.Parse(Text(zip.GetEntry("bundle.json")!))!;
            foreach (var (name, content) in new[] { (path, bytes), (manifestPath, manifestBytes), ("plan.json", plan) })
            {
                var file = index["files"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;
                (file["bytes"], file["sha256"]) = (content.Length, Digest(content));
            }

            Replace(zip, "bundle.json", index.ToJsonString());
        }

        await RefusedAsync("the tables computed from its predictions have the digest", _elsewhere, "import", "bundle.zip");
        Assert.False(Directory.Exists(Path.Combine(_elsewhere, "data")));
    }

    [Fact]
    public async Task Predictions_and_neighbours_are_tables_for_notebooks()
    {
        string tables = Path.Combine(_elsewhere, "tables");
        var ended = await SerProcess.RunAsync(sweep.Folder, "export", FinishedSweep.Name, "--tables", tables, "--json");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        var names = ended.Json().GetProperty("files").EnumerateArray().Select(file => Path.GetFileName(file.GetString()));
        Assert.Equal(["neighbours.csv", "neighbours.parquet", "predictions.csv", "predictions.parquet"], names);

        string[] text = await File.ReadAllLinesAsync(Path.Combine(tables, "predictions.csv"));
        string[][] lines = [.. text.Select(line => line.Split(','))];
        int At(string column) => Array.IndexOf(lines[0], column);
        var results = (await SerProcess.RunAsync(sweep.Folder, "results", FinishedSweep.Name, "--json")).Json();
        foreach (var (inference, column) in new[] { ("model", "model"), ("model+knn", "model_knn") })
        {
            var rows = results.GetProperty("rows").EnumerateArray()
                .Where(row => row.GetProperty("inference").GetString() == inference)
                .Where(row => row.GetProperty("selection").GetString() is "none" or "pooled-validation");
            foreach (var row in rows)
            {
                string? arm = row.GetProperty("arm").GetString();
                string[][] answers = [.. lines.Skip(1).Where(line => line[At("arm")] == arm && line[At("side")] == "test")];
                Assert.Equal(72, answers.Length);
                double accuracy = answers.Average(line => line[At("truth")] == line[At(column)] ? 1.0 : 0);
                Assert.Equal(row.GetProperty("wa").GetProperty("pooled").GetDouble(), accuracy, 12);
            }
        }

        // For each of two arms: the neighbours of validation utterances are the 24 training rows of a fold,
        // those of test utterances the nearest 32 of 48 rows.
        Assert.Equal(1 + (2 * 72 * (24 + 32)), File.ReadLines(Path.Combine(tables, "neighbours.csv")).Count());
        var again = await SerProcess.RunAsync(sweep.Folder, "export", FinishedSweep.Name, "--tables", tables);
        Assert.Equal(2, again.ExitCode);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_elsewhere, recursive: true);

    private async Task ExportAsync(string path, params string[] options)
    {
        var ended = await SerProcess.RunAsync(sweep.Folder, ["export", FinishedSweep.Name, path, .. options]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
    }

    private static async Task RefusedAsync(string reason, string folder, params string[] command)
    {
        var ended = await SerProcess.RunAsync(folder, command);
        Assert.True(ended.ExitCode == 2, $"{ended.ExitCode}: {ended.Errors}");
        Assert.Contains(reason, ended.Errors, StringComparison.Ordinal);
    }

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static byte[] Replace(ZipArchive zip, string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        zip.GetEntry(name)!.Delete();
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(bytes);
        return bytes;
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

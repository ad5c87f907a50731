using System.Text.Json;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>`ser doctor` without a data folder, on an intact one, and on a damaged one.</summary>
[Collection(FinishedSweepCollection.Name)]
public sealed class DoctorTests(FinishedSweep sweep)
{
    [Fact]
    public async Task It_works_without_a_data_folder_and_makes_none()
    {
        string folder = Directory.CreateTempSubdirectory("ser-doctor-").FullName;
        var ended = await SerProcess.RunAsync(folder, "doctor", "--json");
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        var checks = ended.Json().GetProperty("checks").EnumerateArray().ToList();
        string[] names = [.. checks.Select(check => Text(check, "name"))];
        Assert.Equal(names.Length, names.Distinct().Count());
        string[] expected =
        [
            "libtorch",
            "SQLite",
            "memory",
            "disk",
            "clock",
            "database",
            "encoder in float32",
            "contrastive loss",
            "nearest neighbours",
            "same bits twice",
        ];
        foreach (string name in expected)
        {
            Assert.Contains(name, names);
        }

        Assert.All(checks, check => Assert.Equal(Text(check, "state") == "ok", check.GetProperty("cure").ValueKind == JsonValueKind.Null));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task It_finds_what_a_data_folder_has_lost_and_names_the_remedy()
    {
        var sound = await SerProcess.RunAsync(sweep.Folder, "doctor", "--deep", "--json");
        Assert.True(sound.ExitCode == 0, sound.Output + sound.Errors);
        Assert.Contains("72 recordings", Find(sound, "corpora").Detail, StringComparison.Ordinal);

        // A copy of the folder without its recordings: the copied database refers to the original ones.
        string copy = Directory.CreateTempSubdirectory("ser-hurt-").FullName;
        string data = Path.Combine(sweep.Folder, "data");
        var files = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories);
        foreach (string file in files.Where(file => !file.EndsWith(".wav", StringComparison.Ordinal)))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        string model = Directory.EnumerateFiles(copy, "model.safetensors", SearchOption.AllDirectories).First();
        await File.AppendAllTextAsync(model, "x");
        File.Delete(Directory.EnumerateFiles(Path.Combine(copy, "artifacts", "corpora")).Single());
        var hurt = await SerProcess.RunAsync(copy, "doctor", "--deep", "--json", "--data", copy);
        Assert.Equal(1, hurt.ExitCode);
        Assert.Equal("failure", Find(hurt, "results").State);
        Assert.Contains(model, Find(hurt, "results").Detail, StringComparison.Ordinal);
        Assert.Equal("failure", Find(hurt, "corpora").State);
        Assert.Equal("ok", Find(hurt, "database").State);

        await File.WriteAllTextAsync(Path.Combine(copy, "ser.db"), "no database, and long enough to be looked at as one");
        var broken = await SerProcess.RunAsync(copy, "doctor", "--data", copy);
        Assert.Equal(1, broken.ExitCode);
        Assert.Matches("failure +database", broken.Output);
        Assert.Contains("1 failure", broken.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", broken.Output + broken.Errors, StringComparison.Ordinal);
        Directory.Delete(copy, recursive: true);
    }

    private static (string State, string Detail) Find(ProcessResult ended, string name)
    {
        var check = ended.Json().GetProperty("checks").EnumerateArray().Single(one => Text(one, "name") == name);
        return (Text(check, "state"), Text(check, "detail"));
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}

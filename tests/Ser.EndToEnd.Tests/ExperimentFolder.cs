using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>
/// A folder with a small synthetic corpus (six speakers, four emotions, three utterances each) and an experiment on it.
/// </summary>
public sealed class ExperimentFolder : IAsyncLifetime
{
    private const string Manifest = "corpus.csv";

    /// <summary>The path of the folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("ser-lab-").FullName;

    /// <summary>Writes the corpus and experiment.yaml.</summary>
    public async ValueTask InitializeAsync()
    {
        var shown = await SerProcess.RunAsync(Folder, "corpus", "show", "synthetic", "--json");
        Assert.Equal(0, shown.ExitCode);
        var lines = new List<string> { "path,label,speaker" };
        var recordings = Directory.EnumerateFiles(Path.Combine(Folder, "data"), "*.wav", SearchOption.AllDirectories);
        foreach (string path in recordings.Order(StringComparer.Ordinal))
        {
            string[] parts = Path.GetFileNameWithoutExtension(path).Split('_'); // Syn01F_ang_03
            if (string.CompareOrdinal(parts[0], "Syn04") < 0 && int.Parse(parts[2]) <= 3)
            {
                lines.Add($"{path},{parts[1]},{parts[0]}");
            }
        }

        await File.WriteAllLinesAsync(Path.Combine(Folder, Manifest), lines);
        WriteExperiment("experiment.yaml", epochs: 3, lambda: "[0, 0.1]");
    }

    /// <summary>Writes an experiment file.</summary>
    public void WriteExperiment(string name, int epochs, string lambda, double checkpointEvery = 60)
    {
        string seconds = checkpointEvery.ToString(System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(Folder, name), $$"""
            name: {{Path.GetFileNameWithoutExtension(name)}}
            corpus: csv:{{Path.Combine(Folder, Manifest)}}
            folds: 3
            encoder: { preset: tiny, freeze: none }
            grid: { lambda: {{lambda}}, augmentation: noise }
            training: { epochs: {{epochs}}, optimizer: adamw, learningRate: 1e-3, schedule: one-cycle, checkpointEvery: {{seconds}} }
            retrieval: { k: 1..8 }
            compute: { threads: 1 }
            """);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace Ser.Chaos.Farm;

/// <summary>
/// Prepares the corpus, runs sweeps without faults as baselines (each in a data folder of its own),
/// and submits the same sweeps to the farm.
/// </summary>
/// <param name="folder">The folder for the corpus, experiment files and baselines.</param>
/// <param name="timeline">Records submissions.</param>
/// <param name="stop">Ends the commands that run.</param>
internal sealed class SweepClient(string folder, Timeline timeline, CancellationToken stop)
{
    private const int Speakers = 6, UtterancesOfAClass = 2;
    private const int WrongInput = 2; // the exit code of ser

    /// <summary>The number of jobs of a sweep: five arms, three folds, three stages.</summary>
    public const int JobsPerSweep = 45;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Writes a synthetic corpus: six speakers, four emotions, two utterances each.</summary>
    public async Task WriteCorpusAsync()
    {
        Directory.CreateDirectory(folder);
        await DoneAsync("corpus", "show", "synthetic", "--json", "--data", Path.Combine(folder, "data"));
        var lines = new List<string> { "path,label,speaker" };
        var recordings = Directory.EnumerateFiles(folder, "*.wav", SearchOption.AllDirectories);
        foreach (string path in recordings.Order(StringComparer.Ordinal))
        {
            string[] parts = Path.GetFileNameWithoutExtension(path).Split('_'); // Syn01F_ang_03
            if (int.Parse(parts[0][3..5]) <= Speakers && int.Parse(parts[2]) <= UtterancesOfAClass)
            {
                lines.Add($"{path},{parts[1]},{parts[0]}");
            }
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "corpus.csv"), lines);
    }

    /// <summary>Runs a sweep without faults.</summary>
    /// <returns>The digest of its results.</returns>
    public async Task<string> RunBaselineAsync(int number)
    {
        var result = await DoneAsync("run", Write(number), "--json", "--data", Path.Combine(folder, $"calm{number}"));
        return result.GetProperty("digest").GetString()!;
    }

    /// <summary>Submits a sweep to the farm and repeats this until the scheduler accepts it.</summary>
    public async Task SubmitAsync(int number, string server, CancellationToken over)
    {
        for (int attempt = 1; ; attempt++)
        {
            var (code, _, errors) = await RunAsync("submit", Write(number), "--server", server);
            if (code == WrongInput)
            {
                throw new InvalidOperationException($"ser submit: {errors}");
            }

            if (code == 0)
            {
                timeline.Add("sweep", $"{SweepName(number)} submitted, attempt {attempt}");
                return;
            }

            timeline.Add("sweep", $"{SweepName(number)} not accepted: {errors.Trim().Split('\n')[^1]}");
            await Task.Delay(RetryAfter, over);
        }
    }

    /// <summary>The results of a sweep as JSON, or null while the scheduler does not answer.</summary>
    public async Task<JsonElement?> ReadResultsAsync(int number, string server)
    {
        var (code, output, _) = await RunAsync("results", SweepName(number), "--json", "--server", server);
        return code == 0 ? Parse(output) : null;
    }

    /// <summary>Runs the upkeep that the scheduler runs every hour: it deletes unused files.</summary>
    public Task RunUpkeepAsync(string server) => DoneAsync("upkeep", "--json", "--server", server);

    /// <summary>The name of a sweep.</summary>
    public static string SweepName(int number) => $"chaos{number}";

    private string Write(int number)
    {
        string file = Path.Combine(folder, $"{SweepName(number)}.yaml");
        File.WriteAllText(file, $$"""
            name: {{SweepName(number)}}
            corpus: csv:{{Path.Combine(folder, "corpus.csv")}}
            folds: 3
            encoder: { preset: tiny, freeze: none }
            grid: { lambda: [0, 0.05, 0.1, 0.2, 0.4], augmentation: noise, seed: {{number}} }
            training: { epochs: 3, optimizer: adamw, learningRate: 1e-3, schedule: one-cycle, checkpointEvery: 1 }
            retrieval: { k: 1..4 }
            compute: { threads: 1 }
            """);
        return file;
    }

    private async Task<JsonElement> DoneAsync(params string[] args)
    {
        var (code, output, errors) = await RunAsync(args);
        return code == 0 ? Parse(output) : throw new InvalidOperationException($"ser {string.Join(' ', args)}: {errors}");
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string arg in (string[])[FarmProcess.Program, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        Processes.RemoveSerSettings(start);
        stop.ThrowIfCancellationRequested();
        using var process = Process.Start(start)!;
        await using var ending = stop.Register(process.Kill);
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return (process.ExitCode, await output, errors);
    }

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

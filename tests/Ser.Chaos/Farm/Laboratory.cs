using System.Diagnostics;
using System.Text.Json;

namespace Ser.Chaos.Farm;

/// <summary>Who runs the sweeps: in calm, each in a data folder, and on the farm.</summary>
/// <param name="folder">Its own.</param>
/// <param name="timeline">Told of sweeps.</param>
internal sealed class Laboratory(string folder, Timeline timeline)
{
    private const int Speakers = 6, UtterancesOfAClass = 2, WrongInput = 2;

    /// <summary>Jobs of a sweep: five arms, three folds, three stages.</summary>
    public const int Jobs = 45;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>Writes the corpus: six speakers, four emotions, two utterances each, from the synthesiser.</summary>
    public async Task PrepareAsync()
    {
        Directory.CreateDirectory(folder);
        await DoneAsync("corpus", "show", "synthetic", "--json", "--data", Path.Combine(folder, "data"));
        var lines = new List<string> { "path,label,speaker" };
        foreach (string path in Directory.EnumerateFiles(folder, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string[] parts = Path.GetFileNameWithoutExtension(path).Split('_'); // Syn01F_ang_03
            if (int.Parse(parts[0][3..5]) <= Speakers && int.Parse(parts[2]) <= UtterancesOfAClass)
            {
                lines.Add($"{path},{parts[1]},{parts[0]}");
            }
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "corpus.csv"), lines);
    }

    /// <summary>The digest of a sweep that nobody disturbs.</summary>
    public async Task<string> CalmAsync(int number)
    {
        var result = await DoneAsync("run", Write(number), "--json", "--data", Path.Combine(folder, $"calm{number}"));
        return result.GetProperty("digest").GetString()!;
    }

    /// <summary>Hands a sweep to the farm; as long as the scheduler does not take it, again.</summary>
    public async Task SubmitAsync(int number, string server, CancellationToken stop)
    {
        for (int tries = 1; ; tries++)
        {
            var (code, _, errors) = await RunAsync("submit", Write(number), "--server", server);
            if (code == WrongInput)
            {
                throw new InvalidOperationException($"ser submit: {errors}");
            }

            if (code == 0)
            {
                timeline.Say("sweep", $"{Name(number)} submitted, try {tries}");
                return;
            }

            timeline.Say("sweep", $"{Name(number)} not taken: {errors.Trim().Split('\n')[^1]}");
            await Task.Delay(AgainAfter, stop);
        }
    }

    /// <summary>Results of a sweep as JSON, or null while the scheduler does not answer.</summary>
    public async Task<JsonElement?> ResultsAsync(int number, string server)
    {
        var (code, output, _) = await RunAsync("results", Name(number), "--json", "--server", server);
        return code == 0 ? Parse(output) : null;
    }

    /// <summary>Has the scheduler remove what nobody reads, as it does every hour.</summary>
    public Task UpkeepAsync(string server) => DoneAsync("upkeep", "--json", "--server", server);

    /// <summary>As the farm knows it.</summary>
    public static string Name(int number) => $"chaos{number}";

    private string Write(int number)
    {
        string file = Path.Combine(folder, $"{Name(number)}.yaml");
        File.WriteAllText(file, $$"""
            name: {{Name(number)}}
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
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string arg in (string[])[FarmProcess.Program, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        Processes.WithoutSettings(start);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, errors);
    }

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

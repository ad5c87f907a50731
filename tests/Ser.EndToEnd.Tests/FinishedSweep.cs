using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>A folder of experiments whose sweep `tools` (two arms, three folds) has been run once, for tests that only read it.</summary>
public sealed class FinishedSweep : IAsyncLifetime
{
    internal const string Name = "tools";

    internal ExperimentFolder Experiments { get; } = new();

    internal string Folder => Experiments.Folder;

    /// <summary>Recordings of the corpus.</summary>
    internal string[] Recordings
    {
        get
        {
            string corpora = Path.Combine(Folder, "data", "corpora");
            return [.. Directory.EnumerateFiles(corpora, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Runs the sweep.</summary>
    public async ValueTask InitializeAsync()
    {
        await Experiments.InitializeAsync();
        Experiments.WriteExperiment($"{Name}.yaml", epochs: 1, lambda: "[0, 0.1]");
        var run = await SerProcess.RunAsync(Folder, "run", $"{Name}.yaml", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    /// <summary>A second sweep, `unfinished`, that was stopped before its first fold was done.</summary>
    internal async Task EnsureUnfinishedAsync()
    {
        if (Directory.EnumerateFiles(Folder, "unfinished.yaml").Any())
        {
            return;
        }

        Experiments.WriteExperiment("unfinished.yaml", epochs: 400, lambda: "0.7");
        using var run = SerProcess.Start(Folder, "run", "unfinished.yaml");
        while (!run.HasExited)
        {
            var status = await SerProcess.RunAsync(Folder, "status", "--json");
            if (status.Json().GetProperty("sweeps").GetArrayLength() > 1)
            {
                break;
            }
        }

        run.Interrupt();
        await run.EndAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Experiments.DisposeAsync();
}

/// <summary>Test classes that share one <see cref="FinishedSweep"/>.</summary>
[CollectionDefinition(Name)]
public sealed class FinishedSweepCollection : ICollectionFixture<FinishedSweep>
{
    internal const string Name = "on a finished sweep";
}

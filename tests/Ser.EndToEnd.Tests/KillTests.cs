using System.Security.Cryptography;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Real processes that are killed. A run that was killed and resumed has the digest of one that was not.</summary>
public sealed class KillTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    private const int Kills = 4;

    [Fact]
    public async Task Killed_at_random_moments_and_resumed_a_sweep_makes_the_same_bits()
    {
        experiments.WriteExperiment("whole.yaml", epochs: 6, lambda: "0.1", checkpointEvery: 0.3);
        experiments.WriteExperiment("killed.yaml", epochs: 6, lambda: "0.1", checkpointEvery: 0.3);
        string whole = Path.Combine(experiments.Folder, "whole-data"), broken = Path.Combine(experiments.Folder, "killed-data");
        var reference = await SerProcess.RunAsync(experiments.Folder, "run", "whole.yaml", "--json", "--data", whole);
        Assert.True(reference.ExitCode == 0, reference.Errors);

        // Set SER_TEST_SEED to repeat the moments of a failed run.
        int seed = int.TryParse(Environment.GetEnvironmentVariable("SER_TEST_SEED"), out int given)
            ? given
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed of the kills: {seed}");
        var random = new Random(seed);
        string[] command = ["run", "killed.yaml", "--json", "--data", broken];
        for (int kill = 0; kill < Kills; kill++)
        {
            using var victim = SerProcess.Start(experiments.Folder, command);
            await Task.Delay(random.Next(1_500, 6_000), TestContext.Current.CancellationToken);
            victim.Kill();
            await victim.EndAsync();
            var state = await SerProcess.RunAsync(experiments.Folder, "status", "--json", "--data", broken);
            command = state.ExitCode == 0 && state.Json().GetProperty("sweeps").GetArrayLength() > 0
                ? ["resume", "killed", "--json", "--data", broken]
                : command; // killed before the sweep was stored
        }

        var resumed = await SerProcess.RunAsync(experiments.Folder, command);
        Assert.True(resumed.ExitCode == 0, $"seed {seed}: {resumed.Errors}");
        Assert.True(reference.Digest == resumed.Digest, $"seed {seed}: digest {resumed.Digest}, not {reference.Digest}");
    }

    [Fact]
    public async Task Ctrl_C_leaves_a_checkpoint_exits_with_130_and_the_rest_is_the_same()
    {
        experiments.WriteExperiment("stopped.yaml", epochs: 14, lambda: "0");
        experiments.WriteExperiment("unstopped.yaml", epochs: 14, lambda: "0");
        string data = Path.Combine(experiments.Folder, "stopped-data");
        using (var stopped = SerProcess.Start(experiments.Folder, "run", "stopped.yaml", "--data", data))
        {
            // Interrupted in the middle of training: before the first step there is no checkpoint to save.
            while (!stopped.HasExited && !await TrainsAsync(data))
            {
            }

            stopped.Interrupt();
            var ended = await stopped.EndAsync();
            Assert.True(ended.ExitCode == 130, ended.Errors);
            Assert.Contains("ser resume stopped", ended.Errors, StringComparison.Ordinal);
        }

        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(data, "artifacts", "checkpoints"), "*", SearchOption.AllDirectories));
        var resumed = await SerProcess.RunAsync(experiments.Folder, "resume", "stopped", "--json", "--data", data);
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        string otherData = Path.Combine(experiments.Folder, "unstopped-data");
        var reference = await SerProcess.RunAsync(experiments.Folder, "run", "unstopped.yaml", "--json", "--data", otherData);
        Assert.Equal(reference.Digest, resumed.Digest);
    }

    private async Task<bool> TrainsAsync(string data)
    {
        var status = await SerProcess.RunAsync(experiments.Folder, "status", "--json", "--data", data);
        return status.ExitCode == 0 && status.RunningJobs()
            .Any(job => job.GetProperty("stage").GetString() == "FineTune" && job.GetProperty("epoch").GetInt32() is >= 1 and <= 8);
    }

    [Fact]
    public async Task A_second_runner_is_refused_by_name_and_reading_is_allowed()
    {
        string data = Path.Combine(experiments.Folder, "shared-data");
        experiments.WriteExperiment("long.yaml", epochs: 500, lambda: "0");
        using var first = SerProcess.Start(experiments.Folder, "run", "long.yaml", "--data", data);
        while (!first.HasExited)
        {
            var status = await SerProcess.RunAsync(experiments.Folder, "status", "--json", "--data", data);
            if (status.ExitCode == 0 && status.Json().GetProperty("sweeps").GetArrayLength() > 0)
            {
                break; // the sweep is stored, and can be read while it runs
            }
        }

        var second = await SerProcess.RunAsync(experiments.Folder, "run", "experiment.yaml", "--data", data);
        Assert.Equal(2, second.ExitCode);
        Assert.Contains(first.Id.ToString(), second.Errors, StringComparison.Ordinal);
        var cancelled = await SerProcess.RunAsync(experiments.Folder, "cancel", "long", "--data", data);
        Assert.Equal(0, cancelled.ExitCode);
        var ended = await first.EndAsync();
        Assert.Contains("cancelled", ended.Errors + ended.Output, StringComparison.OrdinalIgnoreCase);
    }
}

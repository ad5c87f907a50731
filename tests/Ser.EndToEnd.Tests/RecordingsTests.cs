using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Recorded noise from `augmentation.noiseFiles`: from the experiment file to the worker.</summary>
public sealed class RecordingsTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    [Fact]
    public async Task A_sweep_trains_with_recorded_noise_and_another_recording_is_another_sweep()
    {
        string folder = Directory.CreateDirectory(Path.Combine(experiments.Folder, "noise")).FullName;
        string hum = Path.Combine(folder, "hum.wav");
        await File.WriteAllBytesAsync(hum,
            WavBytes.FromSamples([.. Enumerable.Range(0, 1600).Select(i => (short)(8000 * Math.Sin(i / 3.0)))]));
        string[] synthetic =
        [
            "experiment.yaml",
            "--set",
            "name=hum",
            "--set",
            "grid.lambda=0",
            "--set",
            "training.epochs=1",
            "--set",
            "training.maxSeconds=0.3",
        ];
        string[] recorded = [.. synthetic, "--set", "augmentation.noiseFiles=noise"];

        var ran = await SerProcess.RunAsync(experiments.Folder, ["run", .. recorded, "--json"]);
        Assert.True(ran.ExitCode == 0, ran.Errors);
        Assert.Equal(9, ran.Json().GetProperty("jobs").GetProperty("run").GetInt32());
        Assert.Equal(9, await DoneAsync(recorded));
        Assert.Equal(0, await DoneAsync(synthetic));

        // A file by another name is the same noise; another content is other noise.
        File.Move(hum, Path.Combine(folder, "renamed.wav"));
        Assert.Equal(9, await DoneAsync(recorded));
        string[] wider = [.. recorded, "--set", "grid.seed=2"];
        Assert.Equal(0, await DoneAsync(wider));
        File.Move(Path.Combine(folder, "renamed.wav"), hum);
        await File.WriteAllBytesAsync(hum,
            WavBytes.FromSamples([.. Enumerable.Range(0, 1600).Select(i => (short)(8000 * Math.Sin(i / 5.0)))]));
        Assert.Equal(0, await DoneAsync(recorded));
    }

    private async Task<int> DoneAsync(string[] experiment)
    {
        var plan = await SerProcess.RunAsync(experiments.Folder, ["plan", .. experiment, "--json"]);
        Assert.True(plan.ExitCode == 0, plan.Errors);
        return plan.Json().GetProperty("jobs").EnumerateArray().Count(job => job.GetProperty("done").GetBoolean());
    }
}

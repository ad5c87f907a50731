using System.Text.Json.Nodes;
using Ser.Corpora;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Runners.FineTune;
using Ser.Stages;
using Ser.Stages.FineTune;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Runners.Tests.FineTune;

public sealed class FineTuneRunnerTests : IDisposable
{
    private readonly CorpusFolder _folder = new();
    private readonly Corpus _corpus;

    public FineTuneRunnerTests() => _corpus = CorpusLoader.Load(new CorpusReference("synthetic", null), null, _folder.Root).Corpus!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_resumes_from_the_last_checkpoint()
    {
        var checkpoints = new OneCheckpoint(_folder.At("checkpoint"));
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(checkpoints, step =>
        {
            if (step == 3)
            {
                stop.Cancel();
            }
        }, stop.Token));

        var steps = new List<long>();
        Run(checkpoints, steps.Add, CancellationToken.None);
        Assert.Equal(4, steps[0]);
    }

    [Fact]
    public void A_damaged_checkpoint_loses_only_its_own_progress()
    {
        var checkpoints = new OneCheckpoint(_folder.At("checkpoint"));
        File.WriteAllText(checkpoints.File, "half of a checkpoint");
        var steps = new List<long>();
        Run(checkpoints, steps.Add, CancellationToken.None);
        Assert.Equal(1, steps[0]);
    }

    [Fact]
    public void A_recording_that_is_another_by_now_is_named_and_not_trained_on()
    {
        var changed = _corpus.Utterances.First(utterance => utterance.Speaker == _corpus.Speakers[3].Name);
        byte[] bytes = File.ReadAllBytes(changed.Path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(changed.Path, bytes);
        var checkpoint = new OneCheckpoint(_folder.At("checkpoint"));
        var error = Assert.Throws<InvalidDataException>(() => Run(checkpoint, _ => { }, CancellationToken.None));
        Assert.Contains(changed.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_noise_is_what_views_are_made_with()
    {
        string[] recordings = [.. _corpus.Utterances.Take(2).Select(utterance => utterance.Path)];
        string synthetic = Trained(), first = Trained(recordings[0]), second = Trained(recordings[1]);
        Assert.Equal(3, new[] { synthetic, first, second }.Distinct().Count());
        Assert.Equal(first, Trained(recordings[0]));

        string Trained(string? recording = null)
        {
            Run(new OneCheckpoint(_folder.At("none")), _ => { }, CancellationToken.None, "noise", recording);
            byte[] weights = File.ReadAllBytes(Path.Combine(_folder.At("output"), "model.safetensors"));
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(weights));
        }
    }

    [Fact]
    public void Training_that_paused_after_an_epoch_and_went_on_ends_with_the_same_bits()
    {
        byte[] whole = Model();
        var checkpoint = new OneCheckpoint(_folder.At("paused"));
        var points = new List<EpochPoint>();
        var paused = Assert.Throws<PausedException>(() =>
            Run(checkpoint, _ => { }, CancellationToken.None, epochs: 2, pauseAfter: 1, points: points));
        Assert.Contains("epoch 1", paused.Message, StringComparison.Ordinal);
        var point = Assert.Single(points);
        Assert.Equal(point.ValidationWa, (double)point.Right.Sum() / point.Of.Sum(), 12);
        var recalls = point.Right.Zip(point.Of)
            .Where(counts => counts.Second > 0)
            .Select(counts => (double)counts.First / counts.Second);
        Assert.Equal(point.ValidationUa, recalls.Average(), 12);
        Assert.Throws<PausedException>(() => Run(checkpoint, _ => { }, CancellationToken.None, epochs: 2, pauseAfter: 1));
        Run(checkpoint, _ => { }, CancellationToken.None, epochs: 2);
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(_folder.At("output"), "model.safetensors")));

        byte[] Model()
        {
            Run(new OneCheckpoint(_folder.At("whole")), _ => { }, CancellationToken.None, epochs: 2);
            return File.ReadAllBytes(Path.Combine(_folder.At("output"), "model.safetensors"));
        }
    }

    private void Run(
        ICheckpoints checkpoints,
        Action<long> step,
        CancellationToken stop,
        string augmentation = "none",
        string? noise = null,
        int epochs = 1,
        int? pauseAfter = null,
        List<EpochPoint>? points = null)
    {
        var experiment = new Experiment
        {
            Encoder = new EncoderSettings { Preset = "tiny", Freeze = "none" },
            Grid = [new GridEntry { Augmentation = [augmentation], Lambda = [0] }],
            Training = new TrainingSettings { Epochs = epochs, Batch = 48, MaxSeconds = 0.2 },
            Compute = new ComputeSettings { Threads = 1 },
        };
        var job = Pipeline.Plan(new PlanContext(experiment, _corpus,
            FoldPlanner.Plan(_corpus, 10), new Dictionary<string, WeightsInput>(), 1)
        {
            Noises = noise is null ? null : RecordingSet.Create([new RecordedFile(noise, "0")]),
        })[0].Jobs[FineTuneStage.StageName];
        new FineTuneRunner().Run(
            new StageContext
            {
                JobId = job.Id,
                Attempt = 1,
                Spec = (JsonObject)job.Spec.DeepClone(),
                Parents = new Dictionary<string, string>(),
                Output = Directory.CreateDirectory(_folder.At("output")).FullName,
                Cache = new SharedCache(_folder.At("cache")),
                Inputs = new OneCorpus(_corpus, noise is null ? [] : [noise]),
                Checkpoints = checkpoints,
                PauseAfter = pauseAfter,
                Report = progress =>
                {
                    step(progress.Step);
                    points?.AddRange(progress.Point is { } point ? [point] : []);
                },
            },
            stop);
    }

    private sealed class OneCheckpoint(string file) : ICheckpoints
    {
        public string File => file;

        public string? Latest() => System.IO.File.Exists(file) ? file : null;

        public void Save(Action<string> write) => write(file);
    }
}

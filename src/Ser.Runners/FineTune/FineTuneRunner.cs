using Ser.Audio;
using Ser.Checkpoints;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Learning.Augmentation;
using Ser.Learning.Training;
using Ser.Runners.Audio;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Runners.FineTune;

/// <summary>Writes model.safetensors (the best epoch), encoder.json (the architecture) and history.json (every epoch).</summary>
public sealed class FineTuneRunner : IStageRunner
{
    /// <inheritdoc/>
    public string Stage => FineTuneStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        if (BaselineSpec.IsOfBaseline(context.Spec))
        {
            BaselineRunner.Run(context, stop);
            return;
        }

        var spec = SpecJson.Read<FineTuneSpec>(context.Spec);
        var device = Machine.Configure(spec.Compute);
        var options = spec.Training with
        {
            Precision = spec.Compute.Precision,
            RowsAtOnce = spec.Compute.RowsAtOnce ?? 0,
        };
        var corpus = context.Inputs.Corpus(spec.Corpus);
        var (encoder, normalize) = TrainedModelFiles.CreateEncoder(spec, options, context.Inputs);
        using var model = new Classifier(encoder, options.Classes, options.Seed, options.ProjectionHead);
        model.Parameters.MoveTo(device);
        using var audio = new Waveforms(corpus, spec.MaxSeconds, normalize, context.Cache);
        var train = audio.UtterancesOf(spec.Fold.Train, stop);
        var validation = audio.UtterancesOf(spec.Fold.Validation, stop);

        var clock = TimeProvider.System;
        long started = clock.GetTimestamp();
        long lastCheckpoint = started;
        long stepsBefore = -1;
        double checkpointEvery = JobHints.FromSpec(context.Spec).CheckpointEvery;
        var hooks = new FineTuneHooks
        {
            PauseAfter = context.PauseAfter,
            Resume = IfReadable(context.Checkpoints.Latest()),
            Recordings = AugmentationFiles.Load(Recordings(spec.Recordings?.Noises), Recordings(spec.Recordings?.Responses)),
            OpenFeatures = precision => audio.OpenFeatures(encoder, precision, spec.Compute),
            IsCheckpointDue = () => clock.GetElapsedTime(lastCheckpoint).TotalSeconds >= checkpointEvery && context.Checkpoints.IsReady,
            SaveCheckpoint = write =>
            {
                context.Checkpoints.Save(write);
                lastCheckpoint = clock.GetTimestamp();
            },
            Report = progress =>
            {
                stepsBefore = stepsBefore < 0 ? progress.Step - 1 : stepsBefore;
                double stepsPerSecond = (progress.Step - stepsBefore) / clock.GetElapsedTime(started).TotalSeconds;
                var point = ToPoint(progress.Ended, progress.Validation);
                context.Report(new StageProgress(progress.Step, progress.Epoch, options.Epochs, progress.Loss, stepsPerSecond, point));
            },
        };
        var history = TranslatePause(() => FineTuning.Run(model, train, validation, options, hooks, stop));

        var description = new TrainedModelFiles.Description(encoder.Config, options.Classes, spec.MaxSeconds, normalize, spec.Corpus)
        {
            FrozenConvolution = options.Freeze == "convolution",
        };
        TrainedModelFiles.Write(context.Output, model, description);
        SpecJson.WriteFile(Path.Combine(context.Output, "history.json"), history);

        IReadOnlyList<string> Recordings(string? digest) => digest is null ? [] : context.Inputs.Recordings(digest);
    }

    // Ser.Learning does not know the jobs' exception for a pause between rungs of successive halving.
    private static IReadOnlyList<EpochResult> TranslatePause(Func<IReadOnlyList<EpochResult>> train)
    {
        try
        {
            return train();
        }
        catch (TrainingPausedException paused)
        {
            throw new PausedException(paused.Epoch);
        }
    }

    // A damaged checkpoint is ignored: the job then repeats that work instead of failing.
    private static string? IfReadable(string? checkpoint)
    {
        if (checkpoint is null)
        {
            return null;
        }

        try
        {
            using var file = SafeTensors.Read(checkpoint);
            return checkpoint;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    internal static EpochPoint? ToPoint(EpochResult? epoch, ClassCounts? validation = null)
    {
        if (epoch is null)
        {
            return null;
        }

        return new EpochPoint(
            epoch.Epoch,
            epoch.Loss,
            epoch.CrossEntropy,
            epoch.Contrastive,
            epoch.ValidationLoss,
            epoch.ValidationWa,
            epoch.ValidationUa,
            epoch.LearningRate,
            Environment.WorkingSet)
        {
            Right = validation?.Correct ?? [],
            Of = validation?.Total ?? [],
        };
    }
}

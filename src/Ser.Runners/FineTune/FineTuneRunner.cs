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

/// <summary>Leaves model.safetensors (the kept epoch), encoder.json (architecture) and history.json (every epoch).</summary>
public sealed class FineTuneRunner : IStageRunner
{
    /// <inheritdoc/>
    public string Stage => FineTuneStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<FineTuneSpec>(context.Spec);
        var device = Machine.Use(spec.Compute);
        if (spec.Preset == EncoderSettings.Mfcc)
        {
            BaselineRun.Run(spec, context, stop);
            return;
        }

        var options = SpecJson.Read<FineTuneOptions>(spec.Training) with { Precision = spec.Compute.Precision, RowsAtOnce = spec.Compute.RowsAtOnce ?? 0 };
        var corpus = context.Inputs.Corpus(spec.Corpus);
        var (encoder, normalize) = TrainedModel.Encoder(spec, options, context.Inputs);
        using var model = new Classifier(encoder, options.Classes, options.Seed, options.ProjectionHead);
        model.Parameters.MoveTo(device);
        using var audio = new Waveforms(corpus, spec.MaxSeconds, normalize, context.Cache);
        var train = audio.Of(spec.Fold.Train, stop);
        var validation = audio.Of(spec.Fold.Validation, stop);

        var clock = TimeProvider.System;
        long begun = clock.GetTimestamp(), lastCheckpoint = begun, stepsBefore = -1;
        double every = JobHints.Of(context.Spec).CheckpointEvery;
        var history = Paused(() => FineTuning.Run(model, train, validation, options, new FineTuneHooks
        {
            PauseAfter = context.PauseAfter,
            Resume = Sound(context.Checkpoints.Latest()),
            Recordings = AugmentationFiles.Load(Recordings(spec.Recordings?.Noises), Recordings(spec.Recordings?.Responses)),
            Features = precision => audio.Features(encoder, precision, spec.Compute),
            CheckpointDue = () => clock.GetElapsedTime(lastCheckpoint).TotalSeconds >= every && context.Checkpoints.IsReady,
            SaveCheckpoint = write =>
            {
                context.Checkpoints.Save(write);
                lastCheckpoint = clock.GetTimestamp();
            },
            Report = progress =>
            {
                stepsBefore = stepsBefore < 0 ? progress.Step - 1 : stepsBefore;
                double speed = (progress.Step - stepsBefore) / clock.GetElapsedTime(begun).TotalSeconds;
                context.Report(new StageProgress(progress.Step, progress.Epoch, options.Epochs, progress.Loss, speed, Point(progress.Ended, progress.Validation)));
            },
        }, stop));

        TrainedModel.Write(context.Output, model, new TrainedModel.Description(encoder.Config, options.Classes, spec.MaxSeconds, normalize, spec.Corpus) { FrozenConvolution = options.Freeze == "convolution" });
        SpecJson.WriteFile(Path.Combine(context.Output, "history.json"), history);

        IReadOnlyList<string> Recordings(string? digest) => digest is null ? [] : context.Inputs.Recordings(digest);
    }

    private static IReadOnlyList<EpochResult> Paused(Func<IReadOnlyList<EpochResult>> train)
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

    // A checkpoint that a disk has damaged costs the work in it, not the job.
    private static string? Sound(string? checkpoint)
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

    internal static EpochPoint? Point(EpochResult? ended, ClassCounts? validation = null) => ended is null
        ? null
        : new EpochPoint(
            ended.Epoch, ended.Loss, ended.CrossEntropy, ended.Contrastive, ended.ValidationLoss, ended.ValidationWa, ended.ValidationUa, ended.LearningRate, Environment.WorkingSet)
        {
            Right = validation?.Right ?? [],
            Of = validation?.Of ?? [],
        };
}

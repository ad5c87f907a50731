using Ser.Audio;
using Ser.Checkpoints;
using Ser.Learning.Augmentation;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>What fine-tuning asks of its surroundings.</summary>
public sealed record FineTuneHooks
{
    /// <summary>Path of a checkpoint to go on from, or null.</summary>
    public string? Resume { get; init; }

    /// <summary>Whether it is time for a checkpoint; asked at every step boundary.</summary>
    public required Func<bool> CheckpointDue { get; init; }

    /// <summary>The epoch after which to stop, with a checkpoint; null: none.</summary>
    public int? PauseAfter { get; init; }

    /// <summary>Takes a checkpoint: is given what writes it to a path, which may be called later and on another thread, once.</summary>
    public required Action<Action<string>> SaveCheckpoint { get; init; }

    /// <summary>Where features of the frozen convolutional encoder are kept, by precision; null: nowhere.</summary>
    public Func<Precision, FeatureFile?>? Features { get; init; }

    /// <summary>Noises and impulse responses of views in place of synthetic ones.</summary>
    public AugmentationFiles Recordings { get; init; } = AugmentationFiles.None;

    /// <summary>Told after each step and each epoch.</summary>
    public required Action<TrainingProgress> Report { get; init; }
}

/// <summary>Fine-tunes an encoder with a classifier on one fold. Reads from top to bottom.</summary>
public static class FineTuning
{
    /// <summary>Trains <paramref name="model"/> and leaves the kept epoch's weights in it.</summary>
    /// <returns>Every epoch's result.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set; a checkpoint was taken at the step boundary.</exception>
    /// <exception cref="TrainingPausedException">It has stopped after <see cref="FineTuneHooks.PauseAfter"/>; a checkpoint was taken.</exception>
    /// <exception cref="NonFiniteLossException">The loss became infinite or not a number.</exception>
    public static IReadOnlyList<EpochResult> Run(
        Classifier model,
        IReadOnlyList<TrainingUtterance> train,
        IReadOnlyList<TrainingUtterance> validation,
        FineTuneOptions options,
        FineTuneHooks hooks,
        CancellationToken stop)
    {
        bool freezes = options.Freeze == "convolution";
        foreach (string name in model.Parameters.Names)
        {
            model.Parameters[name].requires_grad_(!(freezes && name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)));
        }

        var trainFeatures = freezes ? new FrozenFeatures(model.Encoder, options.TypeOfProducts, hooks.Features?.Invoke(options.TypeOfProducts)) : null;
        var validationFeatures = !freezes || options.TypeOfProducts == Precision.Float32
            ? trainFeatures
            : new FrozenFeatures(model.Encoder, Precision.Float32, hooks.Features?.Invoke(Precision.Float32));
        var training = new TrainingStep(model, options, trainFeatures);
        using IOptimizer optimizer = options.Optimizer == "adamw" ? new AdamW(model.Parameters, options.WeightDecay) : new Sgd(model.Parameters, options.Momentum);
        var plateau = new PlateauSchedule(options.LearningRate, options.Factor, options.Patience);
        using var state = new FineTuneState(model, optimizer, plateau);
        if (hooks.Resume is not null)
        {
            state.Load(hooks.Resume);
        }

        int[] lengths = [.. train.Select(utterance => utterance.Length)];
        var rates = new Rates(options, plateau, (train.Count + options.Batch - 1) / options.Batch);
        for (; state.Epoch <= options.Epochs && !state.EndsEarly(options.EarlyStop); state.Epoch++)
        {
            if (state.Epoch - 1 == hooks.PauseAfter && state.StepOfEpoch == 0)
            {
                hooks.SaveCheckpoint(state.Snapshot());
                throw new TrainingPausedException(state.Epoch - 1);
            }

            var batches = EpochOrder.Of(lengths, options.Batch, options.Seed, state.Epoch);
            var views = new ViewsAhead(train, batches, options, state.Epoch, hooks.Recordings);
            while (state.StepOfEpoch < batches.Count)
            {
                var (loss, ce, scl) = training.Backward(views.Rows(state.StepOfEpoch), state.Epoch, state.Step);
                if (!double.IsFinite(loss))
                {
                    throw new NonFiniteLossException($"the loss is {loss} at epoch {state.Epoch}, step {state.StepOfEpoch + 1}: lower training.learningRate");
                }

                optimizer.Step(name => rates.Of(name, state.Step), state.Step + 1);
                state.LossSum += loss;
                state.CrossEntropySum += ce;
                state.ContrastiveSum += scl;
                state.StepOfEpoch++;
                state.Step++;
                hooks.Report(new TrainingProgress(state.Step, rates.Steps, state.Epoch - 1, state.LossSum / state.StepOfEpoch, null));
                if (stop.IsCancellationRequested || hooks.CheckpointDue())
                {
                    hooks.SaveCheckpoint(state.Snapshot());
                    stop.ThrowIfCancellationRequested();
                }
            }

            if (Validate(model, validation, validationFeatures, options.Classes, stop) is not (var validationLoss, var tally))
            {
                hooks.SaveCheckpoint(state.Snapshot());
                throw new OperationCanceledException(stop);
            }

            if (!double.IsFinite(validationLoss))
            {
                throw new NonFiniteLossException($"the validation loss is {validationLoss} after epoch {state.Epoch}: lower training.learningRate");
            }

            var (wa, ua) = (tally.Wa, tally.Ua);
            double lastRate = rates.OfEncoder(state.Step - 1);
            plateau.Step(validationLoss);
            int n = state.StepOfEpoch;
            var result = new EpochResult(state.Epoch, state.LossSum / n, state.CrossEntropySum / n, state.ContrastiveSum / n, validationLoss, wa, ua, lastRate);
            state.Keep(result, options.Keep);
            (state.StepOfEpoch, state.LossSum, state.CrossEntropySum, state.ContrastiveSum) = (0, 0, 0, 0);
            hooks.Report(new TrainingProgress(state.Step, rates.Steps, state.Epoch, result.Loss, result) { Validation = tally.Counts });
        }

        model.Parameters.CopyFrom(state.Best!);
        return state.History;
    }

    // Null where a stop was asked for: it may take minutes, and the checkpoint then stands at the end of the epoch's last step.
    private static (double Loss, Tally Tally)? Validate(
        Classifier model, IReadOnlyList<TrainingUtterance> validation, FrozenFeatures? features, int classes, CancellationToken stop)
    {
        double loss = 0;
        var tally = new Tally(classes);
        foreach (var utterance in validation)
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            var (_, probabilities, logProbabilities) = model.Embed(utterance, features);
            loss -= logProbabilities[utterance.Class];
            tally.Add(utterance.Class, probabilities);
        }

        return (loss / validation.Count, tally);
    }
}

/// <summary>Training ran away.</summary>
public sealed class NonFiniteLossException(string message) : Exception(message);

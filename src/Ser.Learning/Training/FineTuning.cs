using Ser.Audio;
using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Learning.Augmentation;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>Callbacks of fine-tuning, and options that do not affect its results.</summary>
public sealed record FineTuneHooks
{
    /// <summary>Path of a checkpoint to resume from; null: start from the beginning.</summary>
    public string? Resume { get; init; }

    /// <summary>Called after every step: whether a checkpoint is due.</summary>
    public required Func<bool> IsCheckpointDue { get; init; }

    /// <summary>The epoch after which training pauses with a checkpoint; null: never.</summary>
    public int? PauseAfter { get; init; }

    /// <summary>Saves a checkpoint. The argument writes it to a path, and may be called once, later and on another thread.</summary>
    public required Action<Action<string>> SaveCheckpoint { get; init; }

    /// <summary>Opens the cache for features of the frozen convolutional encoder, by precision; null: no cache.</summary>
    public Func<Precision, FeatureFile?>? OpenFeatures { get; init; }

    /// <summary>Recorded noises and impulse responses for augmented views.</summary>
    public AugmentationFiles Recordings { get; init; } = AugmentationFiles.None;

    /// <summary>Called after each step and each epoch.</summary>
    public required Action<TrainingProgress> Report { get; init; }
}

/// <summary>Fine-tunes an encoder with a classifier on one fold.</summary>
public static class FineTuning
{
    /// <summary>Trains <paramref name="model"/>, which then has the weights of the selected epoch.</summary>
    /// <returns>The results of all epochs.</returns>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="stop"/> was set. A checkpoint was saved after the last step.
    /// </exception>
    /// <exception cref="TrainingPausedException">
    /// Training has paused after <see cref="FineTuneHooks.PauseAfter"/>. A checkpoint was saved.
    /// </exception>
    /// <exception cref="NonFiniteLossException">The loss is infinite or not a number.</exception>
    public static IReadOnlyList<EpochResult> Run(
        Classifier model,
        IReadOnlyList<TrainingUtterance> train,
        IReadOnlyList<TrainingUtterance> validation,
        FineTuneOptions options,
        FineTuneHooks hooks,
        CancellationToken stop)
    {
        bool freezesConvolution = options.Freeze == "convolution";
        foreach (string name in model.Parameters.Names)
        {
            bool isConvolution = name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal);
            model.Parameters[name].requires_grad_(!(freezesConvolution && isConvolution));
        }

        var trainFeatures = freezesConvolution ? Features(options.ProductPrecision) : null;
        var validationFeatures = !freezesConvolution || options.ProductPrecision == Precision.Float32
            ? trainFeatures
            : Features(Precision.Float32);
        var training = new TrainingStep(model, options, trainFeatures);
        using IOptimizer optimizer = options.Optimizer == "adamw"
            ? new AdamW(model.Parameters, options.WeightDecay)
            : new Sgd(model.Parameters, options.Momentum);
        var plateau = new PlateauSchedule(options.LearningRate, options.Factor, options.Patience);
        using var state = new FineTuneState(model, optimizer, plateau);
        if (hooks.Resume is not null)
        {
            state.Load(hooks.Resume);
        }

        int[] lengths = [.. train.Select(utterance => utterance.Length)];
        var rates = new LearningRates(options, plateau, (train.Count + options.Batch - 1) / options.Batch);
        for (; state.Epoch <= options.Epochs && !state.ShouldStopEarly(options.EarlyStop); state.Epoch++)
        {
            if (state.Epoch - 1 == hooks.PauseAfter && state.StepOfEpoch == 0)
            {
                hooks.SaveCheckpoint(state.Snapshot());
                throw new TrainingPausedException(state.Epoch - 1);
            }

            var batches = EpochOrder.CreateBatches(lengths, options.Batch, options.Seed, state.Epoch);
            var views = new BatchPrefetcher(train, batches, options, state.Epoch, hooks.Recordings);
            while (state.StepOfEpoch < batches.Count)
            {
                var (loss, ce, scl) = training.Backward(views.GetBatch(state.StepOfEpoch), state.Epoch, state.Step);
                if (!double.IsFinite(loss))
                {
                    throw new NonFiniteLossException(
                        $"the loss is {loss} at epoch {state.Epoch}, step {state.StepOfEpoch + 1}: lower training.learningRate");
                }

                optimizer.Step(name => rates.ForParameter(name, state.Step), state.Step + 1);
                state.LossSum += loss;
                state.CrossEntropySum += ce;
                state.ContrastiveSum += scl;
                state.StepOfEpoch++;
                state.Step++;
                double meanLoss = state.LossSum / state.StepOfEpoch;
                hooks.Report(new TrainingProgress(state.Step, rates.Steps, state.Epoch - 1, meanLoss, null));
                if (stop.IsCancellationRequested || hooks.IsCheckpointDue())
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
                throw new NonFiniteLossException(
                    $"the validation loss is {validationLoss} after epoch {state.Epoch}: lower training.learningRate");
            }

            double lastRate = rates.ForEncoder(state.Step - 1);
            plateau.Step(validationLoss);
            int steps = state.StepOfEpoch;
            var result = new EpochResult(
                state.Epoch,
                state.LossSum / steps,
                state.CrossEntropySum / steps,
                state.ContrastiveSum / steps,
                validationLoss,
                tally.Wa,
                tally.Ua,
                lastRate);
            state.AddEpoch(result, options.Keep);
            (state.StepOfEpoch, state.LossSum, state.CrossEntropySum, state.ContrastiveSum) = (0, 0, 0, 0);
            hooks.Report(new TrainingProgress(state.Step, rates.Steps, state.Epoch, result.Loss, result) { Validation = tally.Counts });
        }

        model.Parameters.CopyFrom(state.Best!);
        return state.History;

        FrozenFeatures Features(Precision precision) => new(model.Encoder, precision, hooks.OpenFeatures?.Invoke(precision));
    }

    // Returns null if it was cancelled. Validation may take minutes, and the checkpoint is then that of the epoch's last step.
    private static ValidationResult? Validate(
        Classifier model,
        IReadOnlyList<TrainingUtterance> validation,
        FrozenFeatures? features,
        int classes,
        CancellationToken stop)
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

        return new ValidationResult(loss / validation.Count, tally);
    }

    private sealed record ValidationResult(double Loss, Tally Tally);
}

/// <summary>Training has diverged.</summary>
public sealed class NonFiniteLossException(string message) : Exception(message);

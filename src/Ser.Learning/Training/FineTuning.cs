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

    /// <summary>Takes a checkpoint: gives the path to write at.</summary>
    public required Action<Action<string>> SaveCheckpoint { get; init; }

    /// <summary>Told after each step and each epoch.</summary>
    public required Action<TrainingProgress> Report { get; init; }
}

/// <summary>Fine-tunes an encoder with a classifier on one fold. Reads from top to bottom.</summary>
public static class FineTuning
{
    /// <summary>Trains <paramref name="model"/> and leaves the kept epoch's weights in it.</summary>
    /// <returns>Every epoch's result.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set; a checkpoint was taken at the step boundary.</exception>
    /// <exception cref="NonFiniteLossException">The loss became infinite or not a number.</exception>
    public static IReadOnlyList<EpochResult> Run(
        Classifier model,
        IReadOnlyList<TrainingUtterance> train,
        IReadOnlyList<TrainingUtterance> validation,
        FineTuneOptions options,
        FineTuneHooks hooks,
        CancellationToken stop)
    {
        bool frozen = options.Freeze == "convolution";
        foreach (string name in model.Parameters.Names)
        {
            model.Parameters[name].requires_grad_(!(frozen && name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)));
        }

        using IOptimizer optimizer = options.Optimizer == "adamw" ? new AdamW(model.Parameters, options.WeightDecay) : new Sgd(model.Parameters, options.Momentum);
        var plateau = new PlateauSchedule(options.LearningRate, options.Factor, options.Patience);
        using var state = new FineTuneState(model, optimizer, plateau);
        if (hooks.Resume is not null)
        {
            state.Load(hooks.Resume);
        }

        int[] lengths = [.. train.Select(utterance => utterance.Waveform.Length)];
        long steps = (long)options.Epochs * ((train.Count + options.Batch - 1) / options.Batch);
        for (; state.Epoch <= options.Epochs; state.Epoch++)
        {
            var batches = EpochOrder.Of(lengths, options.Batch, options.Seed, state.Epoch);
            var views = new ViewsAhead(train, batches, options, state.Epoch);
            while (state.StepOfEpoch < batches.Count)
            {
                double rate = Rate(options, plateau, state.Step, steps);
                var (loss, ce, scl) = Step(model, optimizer, views.Rows(state.StepOfEpoch), options, frozen, state.Epoch, state.Step, rate);
                if (!double.IsFinite(loss))
                {
                    throw new NonFiniteLossException($"the loss is {loss} at epoch {state.Epoch}, step {state.StepOfEpoch + 1}: lower training.learningRate");
                }

                state.LossSum += loss;
                state.CrossEntropySum += ce;
                state.ContrastiveSum += scl;
                state.StepOfEpoch++;
                state.Step++;
                hooks.Report(new TrainingProgress(state.Step, steps, state.Epoch - 1, state.LossSum / state.StepOfEpoch, null));
                if (stop.IsCancellationRequested || hooks.CheckpointDue())
                {
                    hooks.SaveCheckpoint(state.Save);
                    stop.ThrowIfCancellationRequested();
                }
            }

            if (Validate(model, validation, options.Classes, stop) is not (var validationLoss, var wa, var ua))
            {
                hooks.SaveCheckpoint(state.Save);
                throw new OperationCanceledException(stop);
            }

            if (!double.IsFinite(validationLoss))
            {
                throw new NonFiniteLossException($"the validation loss is {validationLoss} after epoch {state.Epoch}: lower training.learningRate");
            }

            double lastRate = Rate(options, plateau, state.Step - 1, steps);
            plateau.Step(validationLoss);
            int n = state.StepOfEpoch;
            var result = new EpochResult(state.Epoch, state.LossSum / n, state.CrossEntropySum / n, state.ContrastiveSum / n, validationLoss, wa, ua, lastRate);
            state.Keep(result, options.Keep);
            (state.StepOfEpoch, state.LossSum, state.CrossEntropySum, state.ContrastiveSum) = (0, 0, 0, 0);
            hooks.Report(new TrainingProgress(state.Step, steps, state.Epoch, result.Loss, result));
        }

        model.Parameters.CopyFrom(state.Best!);
        return state.History;
    }

    // Of the encoder at a step that counts from 0.
    private static double Rate(FineTuneOptions options, PlateauSchedule plateau, long step, long steps) => options.Schedule switch
    {
        "one-cycle" => OneCycle.Rate(options.LearningRate, step, steps),
        "plateau" => plateau.Rate,
        _ => options.LearningRate,
    };

    private static (double Loss, double CrossEntropy, double Contrastive) Step(
        Classifier model, IOptimizer optimizer, Rows rows, FineTuneOptions options, bool frozen, int epoch, long step, double rate)
    {
        using var scope = NewDisposeScope();
        var dropout = new Dropout(new Draw(options.Seed, epoch, step, "dropout"));
        var labels = tensor(rows.Classes); // [B]
        long[] frames = [.. rows.Waveforms.Select(waveform => model.Encoder.Config.Frames(waveform.Length))];
        long[]? mask = frames.Distinct().Count() == 1 ? null : frames;
        var features = frozen ? ConvolveFrozen(model.Encoder, rows.Waveforms, frames) : model.Encoder.Convolve(Pad(rows.Waveforms)); // [B, F, C]
        var pooled = Wav2Vec2.Pool(model.Encoder.Contextualize(features, mask, dropout), mask); // [B, D]

        int supervised = options.CrossEntropy == "originals" ? rows.Originals : rows.Waveforms.Length;
        var ce = nn.functional.cross_entropy(model.Logits(pooled[..supervised]), labels[..supervised]);
        var scl = options.Lambda == 0
            ? null
            : Losses.SupervisedContrastive(pooled, labels, options.Temperature, options.Normalize, options.ReductionOfEq1); // eq. 1
        var loss = scl is null ? ce : Losses.Combined(ce, scl, options.Lambda); // eq. 2

        model.Parameters.ClearGradients();
        loss.backward();
        double headRate = (options.HeadLearningRate ?? options.LearningRate) * rate / options.LearningRate;
        optimizer.Step(name => name.StartsWith(Classifier.Head, StringComparison.Ordinal) ? headRate : rate, step + 1);
        return (loss.item<float>(), ce.item<float>(), scl?.item<float>() ?? 0);
    }

    // The frozen convolutional encoder always runs without padding: its features are padded, so they depend on the utterance alone.
    private static Tensor ConvolveFrozen(Wav2Vec2 encoder, float[][] waveforms, long[] frames)
    {
        using var noGrad = no_grad();
        long most = frames.Max();
        return cat([.. waveforms.Select((waveform, row) =>
            nn.functional.pad(encoder.Convolve(tensor(waveform).unsqueeze(0)), [0, 0, 0, most - frames[row]]))]);
    }

    private static Tensor Pad(float[][] waveforms)
    {
        int most = waveforms.Max(waveform => waveform.Length);
        var padded = new float[waveforms.Length * most];
        for (int row = 0; row < waveforms.Length; row++)
        {
            waveforms[row].CopyTo(padded, row * most);
        }

        return tensor(padded, [waveforms.Length, most]);
    }

    // Null where a stop was asked for: it may take minutes, and the checkpoint then stands at the end of the epoch's last step.
    private static (double Loss, double Wa, double Ua)? Validate(Classifier model, IReadOnlyList<TrainingUtterance> validation, int classes, CancellationToken stop)
    {
        double loss = 0;
        int[] right = new int[classes], all = new int[classes];
        foreach (var utterance in validation)
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            var (_, probabilities, logProbabilities) = model.Embed(utterance.Waveform);
            loss -= logProbabilities[utterance.Class];
            all[utterance.Class]++;
            right[utterance.Class] += Array.IndexOf(probabilities, probabilities.Max()) == utterance.Class ? 1 : 0;
        }

        double ua = Enumerable.Range(0, classes).Where(c => all[c] > 0).Average(c => (double)right[c] / all[c]);
        return (loss / validation.Count, (double)right.Sum() / validation.Count, ua);
    }
}

/// <summary>Training ran away.</summary>
public sealed class NonFiniteLossException(string message) : Exception(message);

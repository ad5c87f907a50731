using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>The losses of one step.</summary>
/// <param name="Total">Eq. 2.</param>
/// <param name="CrossEntropy">Its cross-entropy term.</param>
/// <param name="Contrastive">Its contrastive term, eq. 1.</param>
internal readonly record struct StepLosses(double Total, double CrossEntropy, double Contrastive);

/// <summary>
/// Forward and backward pass of one training step: embeddings of all rows, the losses of eq. 1 and eq. 2, and gradients. Eq. 1 needs the
/// embeddings of all rows at once. Where activations of all rows do not fit into memory, embeddings are first computed without keeping
/// activations, and each part of the rows is then computed again for its backward pass (Gao et al. 2021, "Scaling deep contrastive learning
/// batch size").
/// </summary>
/// <param name="model">The model to train.</param>
/// <param name="options">The options of training.</param>
/// <param name="frozen">Features of the convolutional encoder where it is not trained; null: it is trained.</param>
internal sealed class TrainingStep(Classifier model, FineTuneOptions options, FrozenFeatures? frozen)
{
    private readonly Wav2Vec2 _encoder = model.Encoder;

    /// <summary>Computes the gradients of eq. 2 and stores them in the parameters.</summary>
    internal StepLosses Backward(Batch rows, int epoch, long step)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(rows.Classes).to(_encoder.Device); // [B]
        model.Parameters.ClearGradients();

        // [1, F, C] of each row, computed once per step.
        var features = frozen is null ? null : Enumerable.Range(0, rows.Count).Select(row => Frozen(rows, row)).ToArray();
        if (options.RowsAtOnce == 0 || options.RowsAtOnce >= rows.Count)
        {
            var embeddings = Embeddings(rows, features, 0, rows.Count, epoch, step);
            var (loss, losses) = Loss(embeddings, labels, rows.Originals.Length);
            loss.backward();
            return losses;
        }

        return BackwardInParts(rows, features, labels, epoch, step);
    }

    private StepLosses BackwardInParts(Batch rows, Tensor[]? frozenFeatures, Tensor labels, int epoch, long step)
    {
        RowRange[] parts =
            [.. Enumerable.Range(0, rows.Count).Chunk(options.RowsAtOnce).Select(part => new RowRange(part[0], part.Length))];
        Tensor Forward(RowRange part) => Embeddings(rows, frozenFeatures, part.First, part.Count, epoch, step);

        // The last part keeps its activations and needs no second forward pass, because its backward pass is the first.
        Tensor[] outputs = [.. parts[..^1].Select(part => WithoutGradient(() => Forward(part))), Forward(parts[^1])];
        var embeddings = cat([.. outputs.Select(output => output.detach())]).requires_grad_(true);
        var (loss, losses) = Loss(embeddings, labels, rows.Originals.Length);
        loss.backward();
        var gradient = embeddings.grad!; // [B, D]
        void BackwardPart(Tensor output, RowRange part) => output.backward([gradient.narrow(0, part.First, part.Count)]);
        BackwardPart(outputs[^1], parts[^1]);
        foreach (var part in parts[..^1])
        {
            using var scope = NewDisposeScope();
            BackwardPart(Forward(part), part);
        }

        return losses;
    }

    private static Tensor WithoutGradient(Func<Tensor> embeddings)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return embeddings().MoveToOuterDisposeScope();
    }

    // Embeddings [B, D] of some rows. Except for rounding, they do not depend on which rows are computed together.
    private Tensor Embeddings(Batch rows, Tensor[]? frozenFeatures, int first, int count, int epoch, long step)
    {
        var dropout = new Dropout(new RandomStream(options.Seed, epoch, step, "dropout"), first, rows.Count);
        long[] all = [.. rows.Waveforms.Select(waveform => _encoder.Config.Frames(waveform.Length))];
        long maxFrames = all.Max();
        long[] frames = all[first..(first + count)];
        long[]? mask = all.Distinct().Count() == 1 ? null : frames;
        var features = frozenFeatures is null
            ? _encoder.Convolve(Padded(rows.Waveforms, first, count), options.ProductPrecision)
            : cat([.. Enumerable.Range(first, count).Select(row => PaddedFeatures(frozenFeatures, row))]); // [B, F, C]
        var masking = options.Masking == "specaugment" ? Masking(rows, first, frames, maxFrames, epoch) : null;
        return Wav2Vec2.Pool(_encoder.Contextualize(features, mask, dropout, options.ProductPrecision, masking), mask);

        Tensor PaddedFeatures(Tensor[] frozen, int row) => nn.functional.pad(frozen[row], [0, 0, 0, maxFrames - all[row]]);
    }

    private LossAndValues Loss(Tensor embeddings, Tensor labels, int originals)
    {
        int supervised = options.CrossEntropy == "originals" ? originals : (int)embeddings.shape[0];
        var ce = nn.functional.cross_entropy(model.Logits(embeddings[..supervised]), labels[..supervised]);
        if (options.Lambda == 0)
        {
            return new LossAndValues(ce, new StepLosses(ce.item<float>(), ce.item<float>(), 0));
        }

        var x = model.Projected(embeddings);
        var scl = Losses.SupervisedContrastive(x, labels, options.Temperature, options.Normalize, options.ContrastiveReduction); // eq. 1
        var loss = Losses.Combined(ce, scl, options.Lambda); // eq. 2
        return new LossAndValues(loss, new StepLosses(loss.item<float>(), ce.item<float>(), scl.item<float>()));
    }

    // Features of a row. Only those of originals are cached.
    private Tensor Frozen(Batch rows, int row) => rows[row] is { View: 0, Utterance: var utterance }
        ? frozen!.GetOrCompute(utterance, rows.Waveforms[row])
        : frozen!.Compute(rows.Waveforms[row]);

    private Func<Tensor, Tensor> Masking(Batch rows, int first, long[] frames, long maxFrames, int epoch)
    {
        RandomStream[] streams = [.. frames.Select((_, i) => RandomOf(rows[first + i]))];
        return x =>
        {
            var (time, channels) = SpecAugment.CreateMasks(streams, frames, maxFrames, _encoder.Config.Width);
            return SpecAugment.Apply(x, time.to(x.device), channels.to(x.device), model.Parameters[ParameterShapes.MaskVector]);
        };

        RandomStream RandomOf(BatchRow row) => new(options.Seed, epoch, row.Utterance.Index, row.View == 0 ? "masking" : "masking view");
    }

    private Tensor Padded(float[][] waveforms, int first, int count)
    {
        int length = waveforms.Max(waveform => waveform.Length);
        var padded = new float[count * length];
        for (int row = 0; row < count; row++)
        {
            waveforms[first + row].CopyTo(padded, row * length);
        }

        return tensor(padded, [count, length]).to(_encoder.Device);
    }

    private readonly record struct RowRange(int First, int Count);

    private readonly record struct LossAndValues(Tensor Loss, StepLosses Losses);
}

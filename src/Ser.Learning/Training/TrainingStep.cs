using Ser.Checkpoints;
using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>Losses of one step.</summary>
/// <param name="Total">Eq. 2.</param>
/// <param name="CrossEntropy">Its first part.</param>
/// <param name="Contrastive">Its second part, eq. 1.</param>
internal readonly record struct StepLosses(double Total, double CrossEntropy, double Contrastive);

/// <summary>
/// One step: rows to embeddings, eq. 1 and eq. 2 over all of them, and back. Eq. 1 needs every row at once; where their activations would not fit, embeddings are first
/// computed without them, and then each part of the rows runs again to take its gradient back (Gao et al. 2021, "Scaling deep contrastive learning batch size").
/// </summary>
/// <param name="model">What is trained.</param>
/// <param name="options">How.</param>
/// <param name="frozen">Features where the convolutional encoder is not trained, or null.</param>
internal sealed class TrainingStep(Classifier model, FineTuneOptions options, FrozenFeatures? frozen)
{
    private readonly Wav2Vec2 encoder = model.Encoder;

    /// <summary>Leaves the gradients of eq. 2 in the parameters.</summary>
    internal StepLosses Backward(Rows rows, int epoch, long step)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(rows.Classes).to(encoder.Device); // [B]
        model.Parameters.ClearGradients();
        var features = frozen is null ? null : Enumerable.Range(0, rows.Count).Select(row => Frozen(rows, row)).ToArray(); // [1, F, C] of each row, once a step
        if (options.RowsAtOnce == 0 || options.RowsAtOnce >= rows.Count)
        {
            var (loss, losses) = Loss(Embeddings(rows, features, 0, rows.Count, epoch, step), labels, rows.Originals.Length);
            loss.backward();
            return losses;
        }

        return InParts(rows, features, labels, epoch, step);
    }

    private StepLosses InParts(Rows rows, Tensor[]? frozenFeatures, Tensor labels, int epoch, long step)
    {
        var parts = Enumerable.Range(0, rows.Count).Chunk(options.RowsAtOnce).Select(part => (First: part[0], Count: part.Length)).ToArray();
        Tensor Computed((int First, int Count) part) => Embeddings(rows, frozenFeatures, part.First, part.Count, epoch, step);

        // The last part keeps its activations: its gradient is taken back first, without a second pass.
        Tensor[] computed = [.. parts[..^1].Select(part => Without(() => Computed(part))), Computed(parts[^1])];
        var embeddings = cat([.. computed.Select(part => part.detach())]).requires_grad_(true);
        var (loss, losses) = Loss(embeddings, labels, rows.Originals.Length);
        loss.backward();
        var gradient = embeddings.grad!; // [B, D]
        void Back(Tensor part, (int First, int Count) at) => part.backward([gradient.narrow(0, at.First, at.Count)]);
        Back(computed[^1], parts[^1]);
        foreach (var part in parts[..^1])
        {
            using var scope = NewDisposeScope();
            Back(Computed(part), part);
        }

        return losses;
    }

    private static Tensor Without(Func<Tensor> embeddings)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return embeddings().MoveToOuterDisposeScope();
    }

    // [B, D] of some rows. A row's numbers do not depend on which rows it is computed with, but for rounding.
    private Tensor Embeddings(Rows rows, Tensor[]? frozenFeatures, int first, int count, int epoch, long step)
    {
        var dropout = new Dropout(new Draw(options.Seed, epoch, step, "dropout"), first, rows.Count);
        long[] all = [.. rows.Waveforms.Select(waveform => encoder.Config.Frames(waveform.Length))];
        long most = all.Max();
        long[] frames = all[first..(first + count)];
        long[]? mask = all.Distinct().Count() == 1 ? null : frames;
        var features = frozenFeatures is null
            ? encoder.Convolve(Padded(rows.Waveforms, first, count), options.TypeOfProducts)
            : cat([.. Enumerable.Range(first, count).Select(row => nn.functional.pad(frozenFeatures[row], [0, 0, 0, most - all[row]]))]); // [B, F, C]
        var masking = options.Masking == "specaugment" ? Masks(rows, first, frames, most, epoch) : null;
        return Wav2Vec2.Pool(encoder.Contextualize(features, mask, dropout, options.TypeOfProducts, masking), mask);
    }

    private (Tensor Loss, StepLosses Losses) Loss(Tensor embeddings, Tensor labels, int originals)
    {
        int supervised = options.CrossEntropy == "originals" ? originals : (int)embeddings.shape[0];
        var ce = nn.functional.cross_entropy(model.Logits(embeddings[..supervised]), labels[..supervised]);
        if (options.Lambda == 0)
        {
            return (ce, new StepLosses(ce.item<float>(), ce.item<float>(), 0));
        }

        var scl = Losses.SupervisedContrastive(model.Projected(embeddings), labels, options.Temperature, options.Normalize, options.ReductionOfEq1); // eq. 1
        var loss = Losses.Combined(ce, scl, options.Lambda); // eq. 2
        return (loss, new StepLosses(loss.item<float>(), ce.item<float>(), scl.item<float>()));
    }

    private Tensor Frozen(Rows rows, int row) => rows[row] is (var utterance, 0) ? frozen!.Of(utterance, rows.Waveforms[row]) : frozen!.Of(rows.Waveforms[row]);

    private Func<Tensor, Tensor> Masks(Rows rows, int first, long[] frames, long most, int epoch)
    {
        Draw[] draws = [.. frames.Select((_, i) => new Draw(options.Seed, epoch, rows[first + i].Utterance.Index, rows[first + i].View == 0 ? "masking" : "masking view"))];
        return x =>
        {
            var (time, channels) = SpecAugment.Masks(draws, frames, most, encoder.Config.Width);
            return SpecAugment.Apply(x, time.to(x.device), channels.to(x.device), model.Parameters[ParameterShapes.MaskVector]);
        };
    }

    private Tensor Padded(float[][] waveforms, int first, int count)
    {
        int most = waveforms.Max(waveform => waveform.Length);
        var padded = new float[count * most];
        for (int row = 0; row < count; row++)
        {
            waveforms[first + row].CopyTo(padded, row * most);
        }

        return tensor(padded, [count, most]).to(encoder.Device);
    }
}

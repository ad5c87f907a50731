using Ser.Checkpoints;
using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using Ser.Learning.Retrieval;
using Ser.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.SelfCheck;

/// <summary>
/// Checks that this machine, and its GPU where libtorch finds one, computes correctly: compares small computations with reference values
/// from independent software. Each check takes well under a second.
/// </summary>
public static class NumericSelfCheck
{
    /// <summary>Compares the encoder's last layer in float32 with the reference in double.</summary>
    public static Deviation Encoder() =>
        Encoder(tolerance: 1e-4, forward: (encoder, waveform) => encoder.Contextualize(encoder.Convolve(waveform)));

    /// <summary>Compares the encoder's last layer, with products in bfloat16, with the reference in double.</summary>
    public static Deviation EncoderInBFloat16() => Encoder(
        tolerance: 0.15,
        forward: (encoder, waveform) =>
            encoder.Contextualize(encoder.Convolve(waveform, Precision.BFloat16), precision: Precision.BFloat16));

    /// <summary>Compares the output of the reference encoder, computed by a given function.</summary>
    /// <param name="tolerance">Largest allowed difference; magnitudes of values are up to 4.</param>
    /// <param name="forward">Computes frames [1, F, D] from the encoder and a waveform [1, T].</param>
    internal static Deviation Encoder(double tolerance, Func<Wav2Vec2, Tensor, Tensor> forward)
    {
        using var file = Reference.Open();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var encoder = Reference.Encoder(file);
        using var parameters = encoder.Parameters;
        parameters.MoveTo(Device());
        var output = forward(encoder, encoder.Waveform(file.Floats("encoder.waveform")));
        double measured = Deviation.Largest(Values(output), file.Doubles("encoder.out"));
        return new Deviation(measured, tolerance, "every frame of a tiny wav2vec 2.0 against torchaudio's");
    }

    /// <summary>Compares eq. 1 in float32 with the reference in double.</summary>
    public static Deviation ContrastiveLoss()
    {
        using var file = Reference.Open();
        using var scope = NewDisposeScope();
        var (x, labels) = Batch(file);
        var loss = Losses.SupervisedContrastive(x, labels, Reference.Temperature, normalize: true, Reduction.MeanValid);
        double expected = file.Doubles("contrastive.per_anchor").Average();
        return new Deviation(Deviation.Largest(Values(loss), [expected]), 1e-4, "the mean over 24 anchors against torch's");
    }

    /// <summary>Compares the gradient of eq. 1 in float32 with the reference in double.</summary>
    public static Deviation Gradient()
    {
        using var file = Reference.Open();
        using var scope = NewDisposeScope();
        var (x, labels) = Batch(file);
        x.requires_grad_();
        Losses.SupervisedContrastive(x, labels, Reference.Temperature, normalize: true, Reduction.Sum).backward();
        double[] reference = file.Doubles("contrastive.gradient_of_sum");
        double tolerance = 1e-3 * reference.Max(Math.Abs);
        return new Deviation(Deviation.Largest(Values(x.grad!), reference), tolerance, "its gradient by 24 × 48 numbers against torch's");
    }

    /// <summary>Compares distances of nearest neighbours; the deviation is infinite where a neighbour differs from the reference.</summary>
    public static Deviation Neighbours()
    {
        using var file = Reference.Open();
        int dimension = (int)file.Entries["neighbours.stored"].Shape[1];
        int k = (int)file.Entries["neighbours.index"].Shape[1];
        var (index, distance) = NeighbourSearch.Find(file.Floats("neighbours.queries"), file.Floats("neighbours.stored"), dimension, k);
        bool same = index.SelectMany(row => row).Select(row => (long)row).SequenceEqual(file.Longs("neighbours.index"));
        double measured = same
            ? Deviation.Largest([.. distance.SelectMany(row => row)], file.Doubles("neighbours.distance"))
            : double.PositiveInfinity;
        string compared = $"the {k} nearest of 400 stored for {index.Length} queries, each the same as scikit-learn's, by distance";
        return new Deviation(measured, 1e-9, compared);
    }

    /// <summary>Counts weights that differ between two runs of the same three training steps (dropout, both losses, momentum).</summary>
    /// <param name="threads">Number of threads of libtorch.</param>
    public static Deviation Determinism(int threads)
    {
        set_num_threads(threads);
        float[] first = Trained(), second = Trained();
        int different = first.Zip(second).Count(pair => !SameBits(pair.First, pair.Second));
        string run = $"run twice on {threads} thread{(threads == 1 ? "" : "s")}";
        string compared = $"of {first.Length} weights after three seeded training steps, {run}, those that differ in a bit";
        return new Deviation(different, 0, compared);
    }

    private static bool SameBits(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);

    private static float[] Trained()
    {
        const long Seed = 1;
        var config = EncoderConfig.Preset("tiny");
        using var scope = NewDisposeScope();
        using var model = new Classifier(new Wav2Vec2(config, Initialization.CreateParameters(config, Seed)), 4, Seed);
        var device = Device();
        model.Parameters.MoveTo(device);
        foreach (var parameter in model.Parameters.Tensors)
        {
            parameter.requires_grad_();
        }

        using var sgd = new Sgd(model.Parameters, 0.9);
        var noise = new RandomStream(Seed, 0, -1, "self-check");
        float[] samples = [.. Enumerable.Range(0, 4 * 8000).Select(_ => (float)noise.NextNormal())];
        var waveforms = tensor(samples, 4, 8000).to(device);
        var labels = tensor(new long[] { 0, 1, 0, 1 }).to(device);
        for (long step = 1; step <= 3; step++)
        {
            using var inner = NewDisposeScope();
            var dropout = new Dropout(new RandomStream(Seed, 1, step, "dropout"));
            var pooled = Wav2Vec2.Pool(model.Encoder.Contextualize(model.Encoder.Convolve(waveforms), null, dropout));
            var ce = nn.functional.cross_entropy(model.Logits(pooled), labels);
            var scl = Losses.SupervisedContrastive(pooled, labels, Reference.Temperature, normalize: true, Reduction.MeanValid);
            model.Parameters.ClearGradients();
            Losses.Combined(ce, scl, 0.1).backward();
            sgd.Step(_ => 1e-2, step);
        }

        return [.. model.Parameters.Tensors.SelectMany(Floats)];
    }

    private static LabelledBatch Batch(SafeTensors file)
    {
        var device = Device();
        var x = tensor(file.Floats("contrastive.x"), file.Entries["contrastive.x"].Shape).to(device);
        return new LabelledBatch(x, tensor(file.Longs("contrastive.labels")).to(device));
    }

    private readonly record struct LabelledBatch(Tensor X, Tensor Labels);

    // The device with the settings that jobs use: deterministic algorithms and float32 products without TF32.
    private static Device Device()
    {
        if (!cuda.is_available())
        {
            return CPU;
        }

        LibtorchContext.UseDeterministicAlgorithms();
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
        return CUDA;
    }

    private static float[] Floats(Tensor x)
    {
        using var plain = x.detach().cpu().contiguous();
        return plain.data<float>().ToArray();
    }

    private static double[] Values(Tensor x)
    {
        using var plain = x.detach().to(ScalarType.Float64).cpu().contiguous();
        return plain.data<double>().ToArray();
    }
}

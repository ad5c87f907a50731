using System.Runtime.InteropServices;
using Ser.Checkpoints;

namespace Ser.Learning.Baseline;

/// <summary>
/// The classical baseline: MFCC statistics, standardised by the training rows, and a kernel classifier. The embedding is the standardised vector, the probabilities are
/// softmax(β · scores). Embeddings have the same bits on any number of threads.
/// </summary>
public sealed class BaselineModel : ISpeechModel
{
    private readonly Standardisation standard;
    private readonly KernelClassifier classifier;
    private readonly double sharpness;

    internal BaselineModel(Standardisation standard, KernelClassifier classifier, double sharpness)
    {
        this.standard = standard;
        this.classifier = classifier;
        this.sharpness = sharpness;
    }

    /// <inheritdoc/>
    public int Width => standard.Mean.Length;

    /// <inheritdoc/>
    public (float[] Embedding, double[] Probabilities, double[] LogProbabilities) Embed(float[] waveform)
    {
        float[] embedding = standard.Apply(SpeechStatistics.Of(waveform));
        double[] logShares = Calibration.LogShares(classifier.Scores(embedding), sharpness);
        return (embedding, Array.ConvertAll(logShares, Math.Exp), logShares);
    }

    /// <summary>Writes a .safetensors file.</summary>
    public void Write(string path) => SafeTensors.Write(path,
    [
        new("standard.mean", "F64", [Width], () => Bytes(standard.Mean)),
        new("standard.scale", "F64", [Width], () => Bytes(standard.Scale)),
        new("support", "F32", [classifier.Rows, Width], () => Bytes(classifier.Support)),
        new("coefficients", "F64", [classifier.Rows, classifier.Bias.Length], () => Bytes(classifier.Coefficients)),
        new("bias", "F64", [classifier.Bias.Length], () => Bytes(classifier.Bias)),
        new("gamma", "F64", [1], () => Bytes([classifier.Gamma])),
        new("sharpness", "F64", [1], () => Bytes([sharpness])),
    ]);

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="InvalidDataException">The file is not a sound .safetensors file, or is no such model.</exception>
    public static BaselineModel Read(string path)
    {
        using var file = SafeTensors.Read(path);
        int classes = (int)Shape("bias", 1)[0], rows = (int)Shape("support", 2)[0], width = SpeechStatistics.Width;
        Check("standard.mean", width);
        Check("standard.scale", width);
        Check("support", rows, width);
        Check("coefficients", rows, classes);
        Check("gamma", 1);
        Check("sharpness", 1);
        return new BaselineModel(
            new Standardisation(file.Doubles("standard.mean"), file.Doubles("standard.scale")),
            new KernelClassifier(file.Floats("support"), file.Doubles("coefficients"), file.Doubles("bias"), file.Doubles("gamma")[0]),
            file.Doubles("sharpness")[0]);

        long[] Shape(string name, int sides) => file.Entries.TryGetValue(name, out var entry) && entry.Shape.Length == sides && entry.DType is "F32" or "F64"
            ? entry.Shape
            : throw new InvalidDataException($"{path} is no MFCC baseline: it should have a tensor {name} of {sides} side{(sides == 1 ? "" : "s")}");

        void Check(string name, params long[] shape)
        {
            if (!Shape(name, shape.Length).SequenceEqual(shape))
            {
                throw new InvalidDataException($"{path} is no MFCC baseline of this version: tensor {name} should be [{string.Join(", ", shape)}]");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing lies outside the garbage collector; another ISpeechModel's tensors do.
    }

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}

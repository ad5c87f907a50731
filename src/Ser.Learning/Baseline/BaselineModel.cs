using System.Runtime.InteropServices;
using Ser.Checkpoints;

namespace Ser.Learning.Baseline;

/// <summary>
/// The classical baseline: MFCC statistics, standardised by the training rows, and a kernel classifier.
/// The embedding is the standardised vector, and the probabilities are softmax(β · scores).
/// Embeddings have the same bits for any number of threads.
/// </summary>
public sealed class BaselineModel : ISpeechModel
{
    private readonly Standardisation _standard;
    private readonly KernelClassifier _classifier;
    private readonly double _sharpness;

    internal BaselineModel(Standardisation standard, KernelClassifier classifier, double sharpness)
    {
        _standard = standard;
        _classifier = classifier;
        _sharpness = sharpness;
    }

    /// <inheritdoc/>
    public int Width => _standard.Mean.Length;

    /// <inheritdoc/>
    public SpeechEmbedding Embed(float[] waveform)
    {
        float[] embedding = _standard.Apply(SpeechStatistics.Compute(waveform));
        double[] logProbabilities = Calibration.LogSoftmax(_classifier.Scores(embedding), _sharpness);
        return new SpeechEmbedding(embedding, Array.ConvertAll(logProbabilities, Math.Exp), logProbabilities);
    }

    /// <summary>Writes the model as a .safetensors file.</summary>
    public void Write(string path) => SafeTensors.Write(path,
    [
        new("standard.mean", "F64", [Width], () => Bytes(_standard.Mean)),
        new("standard.scale", "F64", [Width], () => Bytes(_standard.Scale)),
        new("support", "F32", [_classifier.Rows, Width], () => Bytes(_classifier.Support)),
        new("coefficients", "F64", [_classifier.Rows, _classifier.Bias.Length], () => Bytes(_classifier.Coefficients)),
        new("bias", "F64", [_classifier.Bias.Length], () => Bytes(_classifier.Bias)),
        new("gamma", "F64", [1], () => Bytes([_classifier.Gamma])),
        new("sharpness", "F64", [1], () => Bytes([_sharpness])),
    ]);

    /// <summary>Reads a file that <see cref="Write"/> has written.</summary>
    /// <exception cref="InvalidDataException">The file is not a valid .safetensors file or not such a model.</exception>
    public static BaselineModel Read(string path)
    {
        using var file = SafeTensors.Read(path);
        int classes = (int)GetShape("bias", 1)[0];
        int rows = (int)GetShape("support", 2)[0];
        int width = SpeechStatistics.Width;
        Check("standard.mean", width);
        Check("standard.scale", width);
        Check("support", rows, width);
        Check("coefficients", rows, classes);
        Check("gamma", 1);
        Check("sharpness", 1);
        var standard = new Standardisation(file.Doubles("standard.mean"), file.Doubles("standard.scale"));
        var classifier = new KernelClassifier(
            file.Floats("support"), file.Doubles("coefficients"), file.Doubles("bias"), file.Doubles("gamma")[0]);
        return new BaselineModel(standard, classifier, file.Doubles("sharpness")[0]);

        long[] GetShape(string name, int dimensions)
        {
            if (file.Entries.TryGetValue(name, out var entry) && entry.Shape.Length == dimensions && entry.DType is "F32" or "F64")
            {
                return entry.Shape;
            }

            string tensor = $"a tensor {name} of {dimensions} dimension{(dimensions == 1 ? "" : "s")}";
            throw new InvalidDataException($"{path} is not an MFCC baseline: it should have {tensor}");
        }

        void Check(string name, params long[] shape)
        {
            if (!GetShape(name, shape.Length).SequenceEqual(shape))
            {
                string expected = $"tensor {name} should be [{string.Join(", ", shape)}]";
                throw new InvalidDataException($"{path} is not an MFCC baseline of this version: {expected}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // This model has managed arrays only. Other implementations own native tensors.
    }

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}

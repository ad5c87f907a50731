using Ser.Checkpoints;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>Convolutional features of a corpus, computed once: a <see cref="SlotFile"/> by utterance.</summary>
public sealed class FeatureFile : IDisposable
{
    private readonly long[] frames;
    private readonly int channels;
    private readonly ScalarType type;
    private readonly SlotFile file;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">Its name must say what decides its content: corpus, cut, weights, precision, threads, device.</param>
    /// <param name="lengths">Samples of each utterance of the corpus, or more.</param>
    /// <param name="config">Architecture.</param>
    /// <param name="precision">Of the features.</param>
    /// <exception cref="IOException">The disk is full or the file cannot be written.</exception>
    public FeatureFile(string path, IReadOnlyList<int> lengths, EncoderConfig config, Precision precision)
    {
        channels = config.FeatureChannels;
        type = precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        frames = [.. lengths.Select(length => config.Frames(length))];
        file = new SlotFile(path, [.. frames.Select(most => most * FrameBytes)]);
    }

    /// <summary>Bytes of the contents of a full file.</summary>
    public static long Bytes(IReadOnlyList<int> lengths, EncoderConfig config, Precision precision) =>
        lengths.Sum(length => (long)config.Frames(length)) * config.FeatureChannels * (precision == Precision.BFloat16 ? 2 : 4);

    private long FrameBytes => channels * (type == ScalarType.BFloat16 ? 2L : 4L);

    /// <summary>[1, F, C], or null where it is not there.</summary>
    internal Tensor? Read(int utterance)
    {
        if (file.Length(utterance) is not { } length || length % FrameBytes != 0)
        {
            return null;
        }

        var features = empty([1, length / FrameBytes, channels], type);
        if (file.TryRead(utterance, features.bytes))
        {
            return features;
        }

        features.Dispose();
        return null;
    }

    /// <summary>Keeps [1, F, C].</summary>
    internal void Write(int utterance, Tensor features)
    {
        using var scope = NewDisposeScope();
        file.Write(utterance, features.detach().to(type).cpu().contiguous().bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}

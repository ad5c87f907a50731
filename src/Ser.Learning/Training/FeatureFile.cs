using Ser.Checkpoints;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>A cache of the convolutional features of a corpus: a <see cref="SlotFile"/> with a slot for each utterance.</summary>
public sealed class FeatureFile : IDisposable
{
    private readonly long[] _frames;
    private readonly int _channels;
    private readonly ScalarType _type;
    private readonly SlotFile _file;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">
    /// The file. Its name must identify everything that determines the features: corpus, truncation, weights, precision, threads, device.
    /// </param>
    /// <param name="lengths">Length of each utterance of the corpus in samples, or an upper bound.</param>
    /// <param name="config">The architecture.</param>
    /// <param name="precision">Precision of the features.</param>
    /// <exception cref="IOException">The disk is full or the file cannot be written.</exception>
    public FeatureFile(string path, IReadOnlyList<int> lengths, EncoderConfig config, Precision precision)
    {
        _channels = config.FeatureChannels;
        _type = precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        _frames = [.. lengths.Select(length => config.Frames(length))];
        _file = new SlotFile(path, [.. _frames.Select(count => count * FrameBytes)]);
    }

    /// <summary>Size of the contents of a full file in bytes.</summary>
    public static long Bytes(IReadOnlyList<int> lengths, EncoderConfig config, Precision precision) =>
        lengths.Sum(length => (long)config.Frames(length)) * config.FeatureChannels * (precision == Precision.BFloat16 ? 2 : 4);

    private long FrameBytes => _channels * (_type == ScalarType.BFloat16 ? 2L : 4L);

    /// <summary>Reads the features [1, F, C] of an utterance; null where they are not cached.</summary>
    internal Tensor? Read(int utterance)
    {
        if (_file.Length(utterance) is not { } length || length % FrameBytes != 0)
        {
            return null;
        }

        var features = empty([1, length / FrameBytes, _channels], _type);
        if (_file.TryRead(utterance, features.bytes))
        {
            return features;
        }

        features.Dispose();
        return null;
    }

    /// <summary>Caches the features [1, F, C] of an utterance.</summary>
    internal void Write(int utterance, Tensor features)
    {
        using var scope = NewDisposeScope();
        _file.Write(utterance, features.detach().to(_type).cpu().contiguous().bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

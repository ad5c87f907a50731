using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ser.Audio;
using Ser.Checkpoints;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Learning;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using Ser.Stages;

namespace Ser.Runners.Audio;

/// <summary>
/// The audio of a corpus as input of the encoder: mono, 16 kHz, cut and normalised. It is decoded once and then read from a file that all
/// jobs of a machine share. The name of the file is a hash of everything that decides its content.
/// </summary>
internal sealed class Waveforms : IDisposable
{
    private readonly Corpus _corpus;
    private readonly double _maxSeconds;
    private readonly bool _normalize;
    private readonly ISharedCache _cache;
    private readonly string _key;
    private readonly SlotFile _file;
    private readonly List<FeatureFile> _features = [];

    /// <param name="corpus">The corpus.</param>
    /// <param name="maxSeconds">Length in seconds to which utterances are cut.</param>
    /// <param name="normalize">Whether each utterance is scaled to zero mean and unit variance.</param>
    /// <param name="cache">The cache that holds the shared files.</param>
    internal Waveforms(Corpus corpus, double maxSeconds, bool normalize, ISharedCache cache)
    {
        (_corpus, _maxSeconds, _normalize, _cache) = (corpus, maxSeconds, normalize, cache);
        _key = FormattableString.Invariant($"{corpus.Digest}|{maxSeconds:R}|{normalize}|1");
        long[] slots = [.. MaximumSamples().Select(samples => (long)samples * sizeof(float))];
        _file = new SlotFile(cache.Reserve($"audio-{Hash(_key)}", slots.Sum()), slots);
    }

    /// <summary>The utterances of the given speakers, in corpus order.</summary>
    internal IReadOnlyList<TrainingUtterance> UtterancesOf(IReadOnlyList<string> speakers, CancellationToken stop)
    {
        var included = speakers.ToHashSet(StringComparer.Ordinal);
        var utterances = new List<TrainingUtterance>();
        for (int i = 0; i < _corpus.Utterances.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (included.Contains(_corpus.Utterances[i].Speaker))
            {
                int index = i;
                utterances.Add(new TrainingUtterance(i, Read(i).Length, _corpus.Utterances[i].Class, () => Read(index)));
            }
        }

        return utterances;
    }

    /// <summary>Opens the file that caches the features of a frozen convolutional encoder.</summary>
    /// <param name="encoder">The encoder, whose convolutions are not trained.</param>
    /// <param name="precision">Precision of the features.</param>
    /// <param name="compute">Threads and device, which also decide their bits.</param>
    internal FeatureFile OpenFeatures(Wav2Vec2 encoder, Precision precision, ComputeSpec compute)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{_key}|{precision}|{compute.Threads}|{compute.Device}|1"));
        bool IsConvolution(string name) => name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal);
        foreach (var tensor in encoder.Parameters.ToSafeTensors().Where(tensor => IsConvolution(tensor.Name)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"|{tensor.Name}|{string.Join(',', tensor.Shape)}|"));
            hash.AppendData(tensor.Bytes());
        }

        int[] lengths = [.. MaximumSamples()];
        string name = $"features-{Convert.ToHexStringLower(hash.GetHashAndReset())[..32]}";
        string path = _cache.Reserve(name, FeatureFile.Bytes(lengths, encoder.Config, precision));
        var opened = new FeatureFile(path, lengths, encoder.Config, precision);
        _features.Add(opened);
        return opened;
    }

    private float[] Read(int utterance)
    {
        if (_file.Length(utterance) is { } bytes)
        {
            var cached = new float[bytes / sizeof(float)];
            if (_file.TryRead(utterance, MemoryMarshal.AsBytes(cached.AsSpan())))
            {
                return cached;
            }
        }

        var recording = _corpus.Utterances[utterance];
        CheckDigest(recording);
        float[] samples = Preprocess.Read(recording.Path, _maxSeconds, _normalize);
        _file.Write(utterance, MemoryMarshal.AsBytes(samples.AsSpan()));
        return samples;
    }

    // Lengths according to the corpus index, rounded up. A truncated recording has fewer samples.
    private IEnumerable<int> MaximumSamples()
    {
        long cut = (long)Math.Round(_maxSeconds * Preprocess.SampleRate);
        return _corpus.Utterances.Select(utterance =>
            (int)Math.Min(cut, ((utterance.Frames * Preprocess.SampleRate) + utterance.SampleRate - 1) / utterance.SampleRate));
    }

    // Results are stored under the digest of the submitted corpus, so a recording that has changed since must not be used.
    private static void CheckDigest(Utterance utterance)
    {
        if (!File.Exists(utterance.Path))
        {
            throw new InvalidDataException($"{utterance.Path} was removed after the experiment was submitted: restore it, then resume");
        }

        using var stream = File.OpenRead(utterance.Path);
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != utterance.Sha256)
        {
            throw new InvalidDataException(
                $"{utterance.Path} was changed after the experiment was submitted: restore it and resume, or submit the experiment again");
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _features.ForEach(opened => opened.Dispose());
    }
}

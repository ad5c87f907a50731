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
/// Audio of a corpus as the encoder takes it: mono, 16 kHz, cut, normalised. Decoded once, then read from a file that all jobs share. Its name is a hash of what decides
/// its content.
/// </summary>
internal sealed class Waveforms : IDisposable
{
    private readonly Corpus corpus;
    private readonly double maxSeconds;
    private readonly bool normalize;
    private readonly ISharedCache cache;
    private readonly string key;
    private readonly SlotFile file;
    private readonly List<FeatureFile> features = [];

    /// <param name="corpus">The corpus.</param>
    /// <param name="maxSeconds">Seconds of an utterance that are kept.</param>
    /// <param name="normalize">Whether each utterance has zero mean and unit variance.</param>
    /// <param name="cache">Where the shared files are.</param>
    internal Waveforms(Corpus corpus, double maxSeconds, bool normalize, ISharedCache cache)
    {
        (this.corpus, this.maxSeconds, this.normalize, this.cache) = (corpus, maxSeconds, normalize, cache);
        key = FormattableString.Invariant($"{corpus.Digest}|{maxSeconds:R}|{normalize}|1");
        long[] slots = [.. MostSamples().Select(most => (long)most * sizeof(float))];
        file = new SlotFile(cache.Place($"audio-{Hash(key)}", slots.Sum()), slots);
    }

    /// <summary>Every utterance of some speakers, in corpus order.</summary>
    internal IReadOnlyList<TrainingUtterance> Of(IReadOnlyList<string> speakers, CancellationToken stop)
    {
        var wanted = speakers.ToHashSet(StringComparer.Ordinal);
        var utterances = new List<TrainingUtterance>();
        for (int i = 0; i < corpus.Utterances.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (wanted.Contains(corpus.Utterances[i].Speaker))
            {
                int index = i;
                utterances.Add(new TrainingUtterance(i, Read(i).Length, corpus.Utterances[i].Class, () => Read(index)));
            }
        }

        return utterances;
    }

    /// <summary>Where features of a frozen convolutional encoder are kept.</summary>
    /// <param name="encoder">The encoder, its convolutions as they will stay.</param>
    /// <param name="precision">Of the features.</param>
    /// <param name="compute">What else decides their bits.</param>
    internal FeatureFile Features(Wav2Vec2 encoder, Precision precision, ComputeSpec compute)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{key}|{precision}|{compute.Threads}|{compute.Device}|1"));
        foreach (var source in encoder.Parameters.ToSafeTensors().Where(source => source.Name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"|{source.Name}|{string.Join(',', source.Shape)}|"));
            hash.AppendData(source.Bytes());
        }

        int[] lengths = [.. MostSamples()];
        string path = cache.Place($"features-{Convert.ToHexStringLower(hash.GetHashAndReset())[..32]}", FeatureFile.Bytes(lengths, encoder.Config, precision));
        var opened = new FeatureFile(path, lengths, encoder.Config, precision);
        features.Add(opened);
        return opened;
    }

    private float[] Read(int utterance)
    {
        if (file.Length(utterance) is { } bytes)
        {
            var kept = new float[bytes / sizeof(float)];
            if (file.TryRead(utterance, MemoryMarshal.AsBytes(kept.AsSpan())))
            {
                return kept;
            }
        }

        var recording = corpus.Utterances[utterance];
        Check(recording);
        float[] samples = Preprocess.Read(recording.Path, maxSeconds, normalize);
        file.Write(utterance, MemoryMarshal.AsBytes(samples.AsSpan()));
        return samples;
    }

    // As the index says; a recording that is cut short has fewer.
    private IEnumerable<int> MostSamples()
    {
        long cut = (long)Math.Round(maxSeconds * Preprocess.SampleRate);
        return corpus.Utterances.Select(utterance =>
            (int)Math.Min(cut, ((utterance.Frames * Preprocess.SampleRate) + utterance.SampleRate - 1) / utterance.SampleRate));
    }

    // A result stands under the digest of the corpus that was submitted: a recording that is another by now must not go into it.
    private static void Check(Utterance utterance)
    {
        if (!File.Exists(utterance.Path))
        {
            throw new InvalidDataException($"{utterance.Path} is gone since the experiment was submitted: put it back, then resume");
        }

        using var stream = File.OpenRead(utterance.Path);
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != utterance.Sha256)
        {
            throw new InvalidDataException($"{utterance.Path} is not the recording that was submitted: put it back and resume, or run the experiment again with the new one");
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        features.ForEach(opened => opened.Dispose());
    }
}

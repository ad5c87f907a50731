using System.Security.Cryptography;
using Ser.Domain.Corpora;
using Ser.Learning.Audio;
using Ser.Learning.Training;

namespace Ser.Stages;

/// <summary>Audio of a corpus as the encoder takes it: mono, 16 kHz, cut, normalised.</summary>
internal sealed class Waveforms(Corpus corpus, double maxSeconds, bool normalize)
{
    /// <summary>Every utterance of some speakers, in corpus order.</summary>
    internal IReadOnlyList<TrainingUtterance> Of(IReadOnlyList<string> speakers, CancellationToken stop)
    {
        var wanted = speakers.ToHashSet(StringComparer.Ordinal);
        var utterances = new List<TrainingUtterance>();
        for (int i = 0; i < corpus.Utterances.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var utterance = corpus.Utterances[i];
            if (wanted.Contains(utterance.Speaker))
            {
                Check(utterance);
                utterances.Add(new TrainingUtterance(i, Preprocess.Read(utterance.Path, maxSeconds, normalize), utterance.Class));
            }
        }

        return utterances;
    }

    // A result stands under the digest of the corpus that was submitted: a recording that is another by now must not go into it.
    private static void Check(Utterance utterance)
    {
        if (!File.Exists(utterance.Path))
        {
            throw new InvalidDataException($"{utterance.Path} is gone since the experiment was submitted: put it back, then resume");
        }

        using var file = File.OpenRead(utterance.Path);
        if (Convert.ToHexStringLower(SHA256.HashData(file)) != utterance.Sha256)
        {
            throw new InvalidDataException($"{utterance.Path} is not the recording that was submitted: put it back and resume, or run the experiment again with the new one");
        }
    }
}

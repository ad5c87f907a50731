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
                utterances.Add(new TrainingUtterance(i, Preprocess.Read(utterance.Path, maxSeconds, normalize), utterance.Class));
            }
        }

        return utterances;
    }
}

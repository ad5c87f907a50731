namespace Ser.Learning;

/// <summary>
/// A trained model of one fold. It maps a waveform to the embedding of eq. 3 and the class probabilities p_model of eq. 4.
/// An instance must not be used by two threads at once.
/// </summary>
public interface ISpeechModel : IDisposable
{
    /// <summary>D, the length of an embedding.</summary>
    int Width { get; }

    /// <summary>
    /// Embeds one utterance at 16 kHz. It is computed alone and unpadded, so that the result depends only on the utterance and the model.
    /// </summary>
    SpeechEmbedding Embed(float[] waveform);
}

/// <summary>What a model computes for one utterance.</summary>
/// <param name="Embedding">[D].</param>
/// <param name="Probabilities">[classes].</param>
/// <param name="LogProbabilities">[classes], natural logarithms of <paramref name="Probabilities"/>.</param>
public sealed record SpeechEmbedding(float[] Embedding, double[] Probabilities, double[] LogProbabilities);

namespace Ser.Learning;

/// <summary>A trained model of one fold: a waveform in, the stored vector of eq. 3 and p_model of eq. 4 out. An instance serves one thread at a time.</summary>
public interface ISpeechModel : IDisposable
{
    /// <summary>D, numbers of an embedding.</summary>
    int Width { get; }

    /// <summary>
    /// Embedding [D], class probabilities and their logarithms of one utterance at 16 kHz: alone and unpadded, so that they depend on the utterance
    /// and the model and nothing else.
    /// </summary>
    (float[] Embedding, double[] Probabilities, double[] LogProbabilities) Embed(float[] waveform);
}

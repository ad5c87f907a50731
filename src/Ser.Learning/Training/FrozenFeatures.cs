using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>
/// Features of the frozen convolutional encoder. Each waveform is computed alone and unpadded, so that its features depend only on it and
/// the weights. With a store, the features of each utterance are computed once.
/// </summary>
/// <param name="encoder">An encoder whose convolutions are not trained.</param>
/// <param name="precision">Precision of the convolutions.</param>
/// <param name="store">Cache for the features of utterances; null: they are computed each time.</param>
public sealed class FrozenFeatures(Wav2Vec2 encoder, Precision precision, FeatureFile? store)
{
    /// <summary>Computes the features [1, F, C] of an augmented view, which is not cached because it is used only once.</summary>
    internal Tensor Compute(float[] waveform)
    {
        using var noGrad = no_grad();
        return encoder.Convolve(encoder.Waveform(waveform), precision).contiguous();
    }

    /// <summary>Reads the features [1, F, C] of an utterance from the store, or computes and stores them.</summary>
    internal Tensor GetOrCompute(TrainingUtterance utterance, float[]? waveform = null)
    {
        if (store?.Read(utterance.Index) is { } cached)
        {
            return cached.to(encoder.Device);
        }

        var features = Compute(waveform ?? utterance.Read());
        store?.Write(utterance.Index, features);
        return features;
    }
}

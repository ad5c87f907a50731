using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>
/// Features of the frozen convolutional encoder: each waveform alone and unpadded, so that they depend on it and the weights alone. Those of utterances
/// are computed once where there is a store to keep them in.
/// </summary>
/// <param name="encoder">Whose convolutions do not change.</param>
/// <param name="precision">Of the convolutions.</param>
/// <param name="store">Keeps the features of utterances; null: they are computed each time.</param>
public sealed class FrozenFeatures(Wav2Vec2 encoder, Precision precision, FeatureFile? store)
{
    /// <summary>[1, F, C] of a view, which is never seen again.</summary>
    internal Tensor Of(float[] waveform)
    {
        using var noGrad = no_grad();
        return encoder.Convolve(encoder.Waveform(waveform), precision).contiguous();
    }

    /// <summary>[1, F, C] of an utterance.</summary>
    internal Tensor Of(TrainingUtterance utterance, float[]? waveform = null)
    {
        if (store?.Read(utterance.Index) is { } kept)
        {
            return kept.to(encoder.Device);
        }

        var features = Of(waveform ?? utterance.Read());
        store?.Write(utterance.Index, features);
        return features;
    }
}

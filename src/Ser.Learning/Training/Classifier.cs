using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>An encoder with one linear layer on its pooled representation. Parameters of the layer are head.weight and head.bias.</summary>
public sealed class Classifier : ISpeechModel
{
    /// <summary>Prefix of the linear layer's parameters.</summary>
    public const string Head = "head.";

    /// <summary>Adds a linear layer drawn from the seed to the encoder's parameters and takes them over.</summary>
    public Classifier(Wav2Vec2 encoder, int classes, long seed)
    {
        Encoder = encoder;
        using var scope = NewDisposeScope(); // holds what is half-made: a tensor without a scope may be collected under libtorch's hands
        using var generator = new Generator(new Draw(seed, 0, -1, "head").NextUInt64());
        Parameters.Add(Head + "weight", Initialization.Linear(classes, encoder.Config.Width, generator));
        Parameters.Add(Head + "bias", zeros(classes));
    }

    /// <summary>The encoder.</summary>
    public Wav2Vec2 Encoder { get; }

    /// <inheritdoc/>
    public int Width => Encoder.Config.Width;

    /// <summary>Encoder's and layer's parameters.</summary>
    public ParameterSet Parameters => Encoder.Parameters;

    /// <summary>Pooled embedding [B, D] to logits [B, classes].</summary>
    public Tensor Logits(Tensor pooled) => nn.functional.linear(pooled, Parameters[Head + "weight"], Parameters[Head + "bias"]);

    /// <summary>
    /// Raw pooled embedding [D] and class probabilities of one utterance: alone, unpadded, without dropout, so that they depend on the utterance
    /// and the model and nothing else. Probabilities are the softmax in double.
    /// </summary>
    public (float[] Embedding, double[] Probabilities, double[] LogProbabilities) Embed(float[] waveform)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var pooled = Wav2Vec2.Pool(Encoder.Contextualize(Encoder.Convolve(tensor(waveform).unsqueeze(0))));
        var logShare = Logits(pooled).to(ScalarType.Float64).log_softmax(1);
        return (pooled.contiguous().data<float>().ToArray(), logShare.exp().data<double>().ToArray(), logShare.data<double>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

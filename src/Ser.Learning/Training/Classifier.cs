using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>
/// An encoder with one linear layer on its pooled representation, and where it is asked for a projection head that training alone uses. Parameters of the layer are head.weight and
/// head.bias, of the projection head projection.inner.weight and projection.outer.weight.
/// </summary>
public sealed class Classifier : ISpeechModel
{
    /// <summary>Prefix of the linear layer's parameters.</summary>
    public const string Head = "head.";

    /// <summary>Prefix of the projection head's parameters.</summary>
    public const string Projection = "projection.";

    /// <summary>Adds a linear layer drawn from the seed to the encoder's parameters and takes them over.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="seed">Of what is drawn.</param>
    /// <param name="projection">Outputs of the projection head; 0: there is none.</param>
    public Classifier(Wav2Vec2 encoder, int classes, long seed, int projection = 0)
    {
        Encoder = encoder;
        using var scope = NewDisposeScope(); // holds what is half-made: a tensor without a scope may be collected under libtorch's hands
        using var generator = new Generator(new Draw(seed, 0, -1, "head").NextUInt64());
        Parameters.Add(Head + "weight", Initialization.Linear(classes, encoder.Config.Width, generator));
        Parameters.Add(Head + "bias", zeros(classes));
        if (projection > 0)
        {
            Parameters.Add(Projection + "inner.weight", Initialization.Linear(encoder.Config.Width, encoder.Config.Width, generator));
            Parameters.Add(Projection + "outer.weight", Initialization.Linear(projection, encoder.Config.Width, generator));
        }
    }

    /// <summary>The encoder.</summary>
    public Wav2Vec2 Encoder { get; }

    /// <inheritdoc/>
    public int Width => Encoder.Config.Width;

    /// <summary>Encoder's and layer's parameters.</summary>
    public ParameterSet Parameters => Encoder.Parameters;

    /// <summary>Pooled embedding [B, D] to logits [B, classes].</summary>
    public Tensor Logits(Tensor pooled) => nn.functional.linear(pooled, Parameters[Head + "weight"], Parameters[Head + "bias"]);

    /// <summary>x of eq. 1 [B, P]: outer · relu(inner · pooled) (Khosla et al. 2020), or the pooled embedding itself where there is no projection head.</summary>
    public Tensor Projected(Tensor pooled) => !Parameters.Has(Projection + "inner.weight")
        ? pooled
        : nn.functional.linear(nn.functional.linear(pooled, Parameters[Projection + "inner.weight"]).relu(), Parameters[Projection + "outer.weight"]);

    /// <summary>
    /// Raw pooled embedding [D] and class probabilities of one utterance: alone, unpadded, without dropout, so that they depend on the utterance
    /// and the model and nothing else. Probabilities are the softmax in double.
    /// </summary>
    public (float[] Embedding, double[] Probabilities, double[] LogProbabilities) Embed(float[] waveform)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Embed(Encoder.Convolve(Encoder.Waveform(waveform)));
    }

    /// <summary>As <see cref="Embed(float[])"/>, with features that may have been computed before.</summary>
    public (float[] Embedding, double[] Probabilities, double[] LogProbabilities) Embed(TrainingUtterance utterance, FrozenFeatures? frozen)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Embed(frozen is null ? Encoder.Convolve(Encoder.Waveform(utterance.Read())) : frozen.Of(utterance));
    }

    private (float[] Embedding, double[] Probabilities, double[] LogProbabilities) Embed(Tensor features)
    {
        var pooled = Wav2Vec2.Pool(Encoder.Contextualize(features));
        var logShare = Logits(pooled).cpu().to(ScalarType.Float64).log_softmax(1);
        pooled = pooled.cpu();
        return (pooled.contiguous().data<float>().ToArray(), logShare.exp().data<double>().ToArray(), logShare.data<double>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

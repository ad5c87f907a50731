using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>
/// An encoder with one linear layer on its pooled representation and, optionally, a projection head that is used only in training. The
/// parameters of the linear layer are head.weight and head.bias; those of the projection head are projection.inner.weight and
/// projection.outer.weight.
/// </summary>
public sealed class Classifier : ISpeechModel
{
    /// <summary>Prefix of the linear layer's parameters.</summary>
    public const string Head = "head.";

    /// <summary>Prefix of the projection head's parameters.</summary>
    public const string Projection = "projection.";

    /// <summary>Adds a randomly initialised linear layer to the encoder's parameters and takes ownership of them.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="projection">Number of outputs of the projection head; 0: no projection head.</param>
    public Classifier(Wav2Vec2 encoder, int classes, long seed, int projection = 0)
    {
        Encoder = encoder;
        // The scope keeps intermediate tensors alive: one without a scope may be garbage-collected while libtorch still uses it.
        using var scope = NewDisposeScope();
        using var generator = new Generator(new RandomStream(seed, 0, -1, "head").NextUInt64());
        Parameters.Add(Head + "weight", Initialization.Linear(classes, encoder.Config.Width, generator));
        Parameters.Add(Head + "bias", zeros(classes));
        if (projection > 0)
        {
            int width = encoder.Config.Width;
            Parameters.Add(Projection + "inner.weight", Initialization.Linear(width, width, generator));
            Parameters.Add(Projection + "outer.weight", Initialization.Linear(projection, width, generator));
        }
    }

    /// <summary>The encoder.</summary>
    public Wav2Vec2 Encoder { get; }

    /// <inheritdoc/>
    public int Width => Encoder.Config.Width;

    /// <summary>The parameters of the encoder and of the layers added to it.</summary>
    public ParameterSet Parameters => Encoder.Parameters;

    /// <summary>Maps pooled embeddings [B, D] to logits [B, classes].</summary>
    public Tensor Logits(Tensor pooled) => nn.functional.linear(pooled, Parameters[Head + "weight"], Parameters[Head + "bias"]);

    /// <summary>
    /// x of eq. 1, [B, P]: outer · relu(inner · pooled) (Khosla et al. 2020), or the pooled embeddings themselves where there is no
    /// projection head.
    /// </summary>
    public Tensor Projected(Tensor pooled)
    {
        if (!Parameters.Contains(Projection + "inner.weight"))
        {
            return pooled;
        }

        var inner = nn.functional.linear(pooled, Parameters[Projection + "inner.weight"]).relu();
        return nn.functional.linear(inner, Parameters[Projection + "outer.weight"]);
    }

    /// <summary>
    /// Embeds one utterance alone, unpadded and without dropout, so that the result depends only on the utterance and the model.
    /// The embedding is the raw pooled one; probabilities are the softmax in double.
    /// </summary>
    public SpeechEmbedding Embed(float[] waveform)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Embed(Encoder.Convolve(Encoder.Waveform(waveform)));
    }

    /// <summary>The same as <see cref="Embed(float[])"/>, with features that may be cached.</summary>
    public SpeechEmbedding Embed(TrainingUtterance utterance, FrozenFeatures? frozen)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Embed(frozen is null ? Encoder.Convolve(Encoder.Waveform(utterance.Read())) : frozen.GetOrCompute(utterance));
    }

    private SpeechEmbedding Embed(Tensor features)
    {
        var pooled = Wav2Vec2.Pool(Encoder.Contextualize(features));
        var logProbabilities = Logits(pooled).cpu().to(ScalarType.Float64).log_softmax(1);
        pooled = pooled.cpu();
        return new SpeechEmbedding(
            pooled.contiguous().data<float>().ToArray(),
            logProbabilities.exp().data<double>().ToArray(),
            logProbabilities.data<double>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

using Ser.Checkpoints;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.SelfCheck;

/// <summary>The embedded reference values. README.md in this folder describes their origin.</summary>
internal static class Reference
{
    /// <summary>τ of eq. 1 in the reference.</summary>
    internal const double Temperature = 0.07;

    private const string Resource = "reference.safetensors";

    /// <summary>The reference encoder: the published convolutions with 32 channels, and two layers of width 48.</summary>
    internal static EncoderConfig Config { get; } = new()
    {
        Convolution = [new(32, 10, 5), new(32, 3, 2), new(32, 3, 2), new(32, 3, 2), new(32, 3, 2), new(32, 2, 2), new(32, 2, 2)],
        Width = 48,
        Heads = 4,
        FeedForward = 96,
        Layers = 2,
        PositionKernel = 16,
        PositionGroups = 4,
        FeatureDropout = 0,
        HiddenDropout = 0,
        AttentionDropout = 0,
    };

    internal static SafeTensors Open() =>
        SafeTensors.Read(Resource, typeof(Reference).Assembly.GetManifestResourceStream(Resource)!);

    /// <summary>Creates the encoder with the reference's parameters.</summary>
    internal static Wav2Vec2 Encoder(SafeTensors file)
    {
        var parameters = new ParameterSet();
        foreach (var (name, shape) in ParameterShapes.ForConfig(Config))
        {
            parameters.Add(name, tensor(file.Floats("encoder.param." + TorchaudioName(name)), shape));
        }

        return new Wav2Vec2(Config, parameters);
    }

    // Translates a parameter's name from Hugging Face's to torchaudio's.
    private static string TorchaudioName(string name) => name
        .Replace("feature_projection.", "encoder.feature_projection.", StringComparison.Ordinal)
        .Replace("encoder.pos_conv_embed.", "encoder.transformer.pos_conv_embed.", StringComparison.Ordinal)
        .Replace("encoder.layer_norm.", "encoder.transformer.layer_norm.", StringComparison.Ordinal)
        .Replace("encoder.layers.", "encoder.transformer.layers.", StringComparison.Ordinal);
}

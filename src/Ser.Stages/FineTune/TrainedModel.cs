using Ser.Domain.Jobs;
using Ser.Learning.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;

namespace Ser.Stages.FineTune;

/// <summary>A fine-tuned model as files: weights and the description that is needed to run them.</summary>
public static class TrainedModel
{
    private const string WeightsFile = "model.safetensors";
    private const string DescriptionFile = "encoder.json";

    /// <summary>What a reader of the weights must know.</summary>
    public sealed record Description(EncoderConfig Encoder, int Classes, double MaxSeconds, bool NormalizeInput, string Corpus, bool FrozenConvolution = false);

    /// <summary>The encoder that a specification begins with, and whether its input is normalised.</summary>
    public static (Wav2Vec2 Encoder, bool NormalizeInput) Encoder(FineTuneSpec spec, FineTuneOptions options, IInputs inputs)
    {
        bool masks = options.Masking != "none";
        if (spec.Weights is not null)
        {
            var architecture = WithDropout(SpecJson.Read<EncoderConfig>(spec.Weights.Architecture), spec.Dropout);
            return (new Wav2Vec2(architecture, PublishedWeights.Load(inputs.Weights(spec.Weights.Digest), architecture, masks)), spec.Weights.NormalizeInput);
        }

        var config = WithDropout(EncoderConfig.Preset(spec.Preset!), spec.Dropout);
        var parameters = Initialization.Draw(config, options.Seed);
        if (masks)
        {
            using var scope = torch.NewDisposeScope();
            parameters.Add(ParameterShapes.MaskVector, torch.zeros(config.Width));
        }

        return (new Wav2Vec2(config, parameters), true);
    }

    /// <summary>Writes both files.</summary>
    public static void Write(string folder, Classifier model, Description description)
    {
        SafeTensors.Write(Path.Combine(folder, WeightsFile), model.Parameters.ToSafeTensors());
        SpecJson.WriteFile(Path.Combine(folder, DescriptionFile), description);
    }

    /// <summary>Reads both files.</summary>
    public static (Classifier Model, Description Description) Read(string folder)
    {
        var description = SpecJson.ReadFile<Description>(Path.Combine(folder, DescriptionFile));
        var parameters = new ParameterSet();
        foreach (var (name, shape) in ParameterShapes.Of(description.Encoder))
        {
            parameters.Add(name, torch.zeros(shape));
        }

        var model = new Classifier(new Wav2Vec2(description.Encoder, parameters), description.Classes, seed: 0);
        using var weights = SafeTensors.Read(Path.Combine(folder, WeightsFile));
        model.Parameters.Load(weights);
        return (model, description);
    }

    private static EncoderConfig WithDropout(EncoderConfig config, double? dropout) =>
        dropout is { } p ? config with { FeatureDropout = p, HiddenDropout = p, AttentionDropout = p } : config;
}

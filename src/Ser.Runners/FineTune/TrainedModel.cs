using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Learning;
using Ser.Learning.Baseline;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using Ser.Stages;
using Ser.Stages.FineTune;
using TorchSharp;

namespace Ser.Runners.FineTune;

/// <summary>A fine-tuned model as files: weights and the description that is needed to run them.</summary>
public static class TrainedModel
{
    private const string WeightsFile = "model.safetensors";
    private const string DescriptionFile = "encoder.json";

    /// <summary>What a reader of the weights must know.</summary>
    /// <param name="Encoder">Architecture; null for the baseline.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="MaxSeconds">Seconds of a recording that are kept.</param>
    /// <param name="NormalizeInput">Whether input has zero mean and unit variance.</param>
    /// <param name="Corpus">Digest of the corpus it was trained on.</param>
    public sealed record Description(EncoderConfig? Encoder, int Classes, double MaxSeconds, bool NormalizeInput, string Corpus)
    {
        /// <summary>mfcc for the baseline, or null.</summary>
        public string? Preset { get; init; }

        /// <summary>Whether training left the convolutional encoder as it was.</summary>
        public bool FrozenConvolution { get; init; }
    }

    /// <summary>The encoder that a specification begins with, and whether its input is normalised.</summary>
    public static (Wav2Vec2 Encoder, bool NormalizeInput) Encoder(FineTuneSpec spec, FineTuneOptions options, IInputs inputs)
    {
        bool masks = options.Masking != "none";
        if (spec.Weights is not null)
        {
            var architecture = WithDropout(SpecJson.Read<EncoderConfig>(spec.Weights.Architecture), spec.Dropout);
            return (new Wav2Vec2(architecture, PublishedParameters.Load(inputs.Weights(spec.Weights.Digest), architecture, masks)), spec.Weights.NormalizeInput);
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

    /// <summary>Writes both files of the baseline.</summary>
    public static void Write(string folder, BaselineModel model, Description description)
    {
        model.Write(Path.Combine(folder, WeightsFile));
        SpecJson.WriteFile(Path.Combine(folder, DescriptionFile), description);
    }

    /// <summary>Writes both files.</summary>
    public static void Write(string folder, Classifier model, Description description)
    {
        SafeTensors.Write(Path.Combine(folder, WeightsFile), model.Parameters.ToSafeTensors());
        SpecJson.WriteFile(Path.Combine(folder, DescriptionFile), description);
    }

    /// <summary>Reads both files, of whichever kind of model.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged, or the description names no model that this version knows.</exception>
    public static (ISpeechModel Model, Description Description) Read(string folder)
    {
        var description = SpecJson.ReadFile<Description>(Path.Combine(folder, DescriptionFile));
        return (description switch
        {
            { Preset: EncoderSettings.Mfcc } => BaselineModel.Read(Path.Combine(folder, WeightsFile)),
            { Encoder: { } encoder } => FineTuned(folder, encoder, description.Classes),
            _ => throw new InvalidDataException($"{Path.Combine(folder, DescriptionFile)} has neither an encoder nor the preset {EncoderSettings.Mfcc}: was it written by a newer version?"),
        }, description);
    }

    private static Classifier FineTuned(string folder, EncoderConfig encoder, int classes)
    {
        var parameters = new ParameterSet();
        foreach (var (name, shape) in ParameterShapes.Of(encoder))
        {
            parameters.Add(name, torch.zeros(shape));
        }

        var model = new Classifier(new Wav2Vec2(encoder, parameters), classes, seed: 0);
        using var weights = SafeTensors.Read(Path.Combine(folder, WeightsFile));
        model.Parameters.Load(weights);
        return model;
    }

    private static EncoderConfig WithDropout(EncoderConfig config, double? dropout) =>
        dropout is { } p ? config with { FeatureDropout = p, HiddenDropout = p, AttentionDropout = p } : config;
}

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

/// <summary>Reads and writes a fine-tuned model as two files: the weights, and the description that is needed to run them.</summary>
public static class TrainedModelFiles
{
    private const string WeightsFile = "model.safetensors";
    private const string DescriptionFile = "encoder.json";

    /// <summary>Everything besides the weights that is needed to run the model.</summary>
    /// <param name="Encoder">Architecture of the encoder; null for the baseline.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="MaxSeconds">Length in seconds to which recordings are cut.</param>
    /// <param name="NormalizeInput">Whether input must have zero mean and unit variance.</param>
    /// <param name="Corpus">Digest of the corpus that the model was trained on.</param>
    public sealed record Description(EncoderConfig? Encoder, int Classes, double MaxSeconds, bool NormalizeInput, string Corpus)
    {
        /// <summary>mfcc for the baseline, or null.</summary>
        public string? Preset { get; init; }

        /// <summary>Whether the convolutional encoder was frozen in training.</summary>
        public bool FrozenConvolution { get; init; }
    }

    /// <summary>Creates the encoder with which training starts: published weights, or an initialisation from the seed.</summary>
    public static InitialEncoder CreateEncoder(FineTuneSpec spec, FineTuneOptions options, IInputs inputs)
    {
        bool masks = options.Masking is not null;
        if (spec.Weights is not null)
        {
            var architecture = WithDropout(spec.Weights.Architecture, spec.Dropout);
            var published = PublishedParameters.Load(inputs.Weights(spec.Weights.Digest), architecture, masks);
            return new InitialEncoder(new Wav2Vec2(architecture, published), spec.Weights.NormalizeInput);
        }

        var config = WithDropout(EncoderConfig.Preset(spec.Preset!), spec.Dropout);
        var parameters = Initialization.CreateParameters(config, options.Seed);
        if (masks)
        {
            using var scope = torch.NewDisposeScope();
            parameters.Add(ParameterShapes.MaskVector, torch.zeros(config.Width));
        }

        return new InitialEncoder(new Wav2Vec2(config, parameters), NormalizeInput: true);
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

    /// <summary>Reads both files of a fine-tuned encoder or of the baseline.</summary>
    /// <exception cref="InvalidDataException">
    /// The weights are damaged, or the description is of a kind of model that this version does not know.
    /// </exception>
    public static LoadedModel Read(string folder)
    {
        string path = Path.Combine(folder, DescriptionFile);
        var description = SpecJson.ReadFile<Description>(path);
        ISpeechModel model = description switch
        {
            { Preset: EncoderSettings.Mfcc } => BaselineModel.Read(Path.Combine(folder, WeightsFile)),
            { Encoder: { } encoder } => ReadClassifier(folder, encoder, description.Classes),
            _ => throw new InvalidDataException(
                $"{path} has neither an encoder nor the preset {EncoderSettings.Mfcc}: it may have been written by a newer version"),
        };
        return new LoadedModel(model, description);
    }

    private static Classifier ReadClassifier(string folder, EncoderConfig encoder, int classes)
    {
        var parameters = new ParameterSet();
        foreach (var (name, shape) in ParameterShapes.ForConfig(encoder))
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

    /// <summary>The encoder with which training starts.</summary>
    /// <param name="Encoder">The encoder.</param>
    /// <param name="NormalizeInput">Whether its input must have zero mean and unit variance.</param>
    public sealed record InitialEncoder(Wav2Vec2 Encoder, bool NormalizeInput);

    /// <summary>A model read from its files.</summary>
    public sealed record LoadedModel(ISpeechModel Model, Description Description);
}

using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Oracles;

/// <summary>The model and batch of oracle 04: the tiny encoder with a linear head on its pooled embedding.</summary>
internal sealed class TrainingOracle : IDisposable
{
    private const string EncoderPrefix = "wav2vec2.";
    private readonly Dictionary<string, string> oursByTheirs;
    private readonly Wav2Vec2 encoder;
    private readonly Tensor waveforms;
    private readonly long[] frames;
    private readonly Tensor labels;
    private readonly double tau;

    internal TrainingOracle(JsonElement json, SafeTensors vectors, ScalarType type, bool frozen = false)
    {
        var config = TinyModels.Config(json);
        encoder = TinyModels.Build(config, vectors, "param.wav2vec2.", type);
        Parameters = encoder.Parameters;
        foreach (string name in (string[])["head.weight", "head.bias"])
        {
            Parameters.Add(name, tensor(vectors.Floats("param." + name), vectors.Entries["param." + name].Shape).to(type));
        }

        foreach (string name in Parameters.Names)
        {
            Parameters[name].requires_grad_(!(frozen && name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)));
        }

        oursByTheirs = Parameters.Names.ToDictionary(TheirName);
        waveforms = tensor(vectors.Floats("waveforms"), vectors.Entries["waveforms"].Shape).to(type);
        frames = [.. vectors.Longs("lengths").Select(config.Frames)];
        labels = tensor(json.GetProperty("labels").EnumerateArray().Select(label => label.GetInt64()).ToArray());
        tau = json.GetProperty("tau").GetDouble();
    }

    internal ParameterSet Parameters { get; }

    internal static Reduction ReductionOf(string name) => name switch
    {
        "sum" => Reduction.Sum,
        "mean_all" => Reduction.MeanAll,
        _ => Reduction.MeanValid,
    };

    private static string TheirName(string ours) =>
        ours.StartsWith("head.", StringComparison.Ordinal) ? ours : EncoderPrefix + TinyModels.TorchaudioName(ours);

    internal (Tensor Total, Tensor CrossEntropy, Tensor Contrastive) Loss(double lambda, Reduction reduction, bool normalize)
    {
        var embedding = Wav2Vec2.Pool(encoder.Contextualize(encoder.Convolve(waveforms), frames), frames);
        var logits = nn.functional.linear(embedding, Parameters["head.weight"], Parameters["head.bias"]);
        var ce = nn.functional.cross_entropy(logits, labels);
        var scl = Losses.SupervisedContrastive(embedding, labels, tau, normalize, reduction);
        return (Losses.Combined(ce, scl, lambda), ce, scl);
    }

    internal Tensor Parameter(string theirs) => Parameters[oursByTheirs[theirs]];

    internal Tensor Gradient(string theirs) => Parameter(theirs).grad!;

    public void Dispose()
    {
        Parameters.Dispose();
        waveforms.Dispose();
        labels.Dispose();
    }
}

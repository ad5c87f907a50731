using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Tests.Encoder;
using Ser.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Training;

/// <summary>The model and batch of oracle 04: the tiny encoder with a linear head on its pooled embedding.</summary>
internal sealed class TrainingOracle : IDisposable
{
    private const string EncoderPrefix = "wav2vec2.";
    private readonly Dictionary<string, string> _oursByTheirs;
    private readonly Wav2Vec2 _encoder;
    private readonly Tensor _waveforms;
    private readonly long[] _frames;
    private readonly Tensor _labels;
    private readonly double _tau;

    internal TrainingOracle(JsonElement json, SafeTensors vectors, ScalarType type, bool frozen = false)
    {
        var config = TinyModels.Config(json);
        _encoder = TinyModels.Build(config, vectors, "param.wav2vec2.", type);
        Parameters = _encoder.Parameters;
        foreach (string name in (string[])["head.weight", "head.bias"])
        {
            Parameters.Add(name, tensor(vectors.Floats("param." + name), vectors.Entries["param." + name].Shape).to(type));
        }

        foreach (string name in Parameters.Names)
        {
            Parameters[name].requires_grad_(!(frozen && name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)));
        }

        _oursByTheirs = Parameters.Names.ToDictionary(TheirName);
        _waveforms = tensor(vectors.Floats("waveforms"), vectors.Entries["waveforms"].Shape).to(type);
        _frames = [.. vectors.Longs("lengths").Select(config.Frames)];
        _labels = tensor(json.GetProperty("labels").EnumerateArray().Select(label => label.GetInt64()).ToArray());
        _tau = json.GetProperty("tau").GetDouble();
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
        var embedding = Wav2Vec2.Pool(_encoder.Contextualize(_encoder.Convolve(_waveforms), _frames), _frames);
        var logits = nn.functional.linear(embedding, Parameters["head.weight"], Parameters["head.bias"]);
        var ce = nn.functional.cross_entropy(logits, _labels);
        var scl = Losses.SupervisedContrastive(embedding, _labels, _tau, normalize, reduction);
        return (Losses.Combined(ce, scl, lambda), ce, scl);
    }

    internal Tensor Parameter(string theirs) => Parameters[_oursByTheirs[theirs]];

    internal Tensor Gradient(string theirs) => Parameter(theirs).grad!;

    public void Dispose()
    {
        Parameters.Dispose();
        _waveforms.Dispose();
        _labels.Dispose();
    }
}

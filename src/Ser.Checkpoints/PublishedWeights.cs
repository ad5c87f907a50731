using Ser.Checkpoints.Torch;

namespace Ser.Checkpoints;

/// <summary>One tensor of a checkpoint.</summary>
/// <param name="Source">Its name in the file.</param>
/// <param name="Name">Its name in Hugging Face's bare model.</param>
/// <param name="DType">Its data type: F32, F16, BF16, ...</param>
/// <param name="Shape">Its shape.</param>
public sealed record PublishedTensor(string Source, string Name, string DType, IReadOnlyList<long> Shape);

/// <summary>A parameter of the encoder with its values.</summary>
/// <param name="Name">Its name in Hugging Face's bare model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its values as float32, row by row.</param>
public sealed record NamedTensor(string Name, long[] Shape, float[] Values);

/// <summary>
/// A published checkpoint of wav2vec 2.0 or HuBERT (which has the same encoder), as a .safetensors file or as written by torch.save.
/// Tensors may be named as in transformers, fairseq or torchaudio. The architecture is read from the file itself (fairseq), from a
/// config.json in the same folder, or from the shapes of the tensors. Nothing in the file is executed.
/// </summary>
public sealed class PublishedWeights : IDisposable
{
    private readonly string _path;
    private readonly EncoderTensors _tensors;

    private PublishedWeights(string path, EncoderTensors tensors, Architecture architecture)
    {
        _path = path;
        _tensors = tensors;
        Architecture = architecture;
    }

    /// <summary>The naming scheme of the tensors.</summary>
    public CheckpointLayout Layout => _tensors.Layout;

    /// <summary>The kind of file, for display.</summary>
    public string Container => _tensors.File.Container;

    /// <summary>The architecture, and whether input is normalised.</summary>
    public Architecture Architecture { get; }

    /// <summary>Every tensor in order of its name in the file.</summary>
    public IReadOnlyList<PublishedTensor> Tensors =>
        [.. FileTensorsByName().Select(tensor => Describe(tensor.Key, tensor.Value))];

    /// <summary>Names of parameters that the architecture requires and the file does not have.</summary>
    public IReadOnlyList<string> Missing => [.. _tensors.Missing(Architecture.Config)];

    /// <summary>Describes tensors whose shape or type in the file is not that of the architecture, each in one sentence.</summary>
    public IReadOnlyList<string> Misshapen => [.. _tensors.Misshapen(Architecture.Config)];

    /// <summary>Names of the file's tensors that the encoder does not use, such as pre-training heads and quantisers.</summary>
    public IReadOnlyList<string> Unused => [.. _tensors.Unused(Architecture.Config)];

    /// <summary>Opens a file and reads everything but the values of the tensors.</summary>
    /// <param name="path">The file. The extension of its name does not matter.</param>
    /// <param name="heads">Number of attention heads, for a file that does not specify it; null: as specified by the file.</param>
    /// <exception cref="InvalidDataException">The file or a configuration is invalid or of another kind. The message names it.</exception>
    public static PublishedWeights Open(string path, int? heads = null) => Open(path, EncoderTensors.Open(path), heads);

    /// <summary>Takes ownership of the tensors.</summary>
    internal static PublishedWeights Open(string path, EncoderTensors tensors, int? heads = null)
    {
        try
        {
            return new PublishedWeights(path, tensors, WithHeads(ReadArchitecture(path, tensors), heads).Checked());
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>The weights that a file has for an architecture that is known already.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The architecture.</param>
    /// <param name="masks">
    /// Whether training masks frames. The last tensor is then <see cref="ParameterShapes.MaskVector"/>, zero where the file has none.
    /// </param>
    /// <exception cref="InvalidDataException">The file is invalid or does not fit the architecture; the message says how.</exception>
    public static IEnumerable<NamedTensor> Read(string path, EncoderConfig config, bool masks = false)
    {
        using var tensors = EncoderTensors.Open(path);
        foreach (var tensor in tensors.Parameters(config))
        {
            yield return tensor;
        }

        if (masks)
        {
            float[] vector = tensors.MaskVector(config) ?? new float[config.Width];
            yield return new NamedTensor(ParameterShapes.MaskVector, [config.Width], vector);
        }
    }

    /// <summary>The weights as float32, one tensor at a time, in the order of <see cref="ParameterShapes"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// The architecture is not fully known, or a tensor is missing or of another shape; the message names it.
    /// </exception>
    public IEnumerable<NamedTensor> Parameters() =>
        Architecture.Unknown is { } unknown ? throw new InvalidDataException(unknown) : _tensors.Parameters(Architecture.Config);

    /// <inheritdoc/>
    public void Dispose() => _tensors.Dispose();

    private IEnumerable<KeyValuePair<string, TensorInfo>> FileTensorsByName() =>
        _tensors.FileTensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal);

    private static PublishedTensor Describe(string source, TensorInfo tensor) =>
        new(source, EncoderTensors.TranslateName(source), tensor.DType, tensor.Shape);

    private static Architecture ReadArchitecture(string path, EncoderTensors tensors)
    {
        if (tensors.File is TorchFile torch && FairseqConfig.Read(path, torch.Root) is { } own)
        {
            return own;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string config = Path.Combine(folder, PublishedConfig.ModelFile);
        string preprocessor = Path.Combine(folder, PublishedConfig.PreprocessorFile);
        var architecture = File.Exists(config)
            ? new Architecture(PublishedConfig.Read(config), NormalizeInput: false, config)
            : ShapeConfig.Read(path, tensors.Shapes);

        // Without a preprocessor_config.json, transformers normalises by default, and of the other published models those with layer norm
        // do.
        bool normalize = File.Exists(preprocessor)
            ? PublishedConfig.ReadNormalizesInput(preprocessor)
            : tensors.Layout == CheckpointLayout.HuggingFace || architecture.Config.ConvolutionLayerNorm;
        return architecture with { NormalizeInput = normalize };
    }

    private static Architecture WithHeads(Architecture architecture, int? heads)
    {
        if (heads is not { } requested || (architecture.Unknown is null && requested == architecture.Config.Heads))
        {
            return architecture;
        }

        return architecture.Unknown is not null
            ? architecture with { Config = architecture.Config with { Heads = requested }, Unknown = null }
            : throw InvalidCheckpoint.Create(
                architecture.Source,
                $"it specifies {architecture.Config.Heads} attention heads, not {requested}; omit the number of heads");
    }
}

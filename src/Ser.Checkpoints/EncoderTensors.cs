namespace Ser.Checkpoints;

/// <summary>The tensors of a checkpoint by their names in Hugging Face's bare model. Owns the file.</summary>
internal sealed class EncoderTensors : IDisposable
{
    private readonly string _path;
    private readonly Dictionary<string, string> _sources = [];

    private EncoderTensors(string path, ITensorFile file)
    {
        _path = path;
        File = file;
        FileTensors = file.Tensors;
        foreach (string source in FileTensors.Keys)
        {
            var (name, layout) = TensorNames.Translate(source);
            Layout = layout ?? Layout;
            if (!_sources.TryAdd(name, source))
            {
                string problem = $"tensors {_sources[name]} and {source} are both {name}";
                throw InvalidCheckpoint.Create(path, $"{problem}; use the published file, which has one of them");
            }
        }
    }

    internal ITensorFile File { get; }

    internal CheckpointLayout Layout { get; }

    /// <summary>The tensors by their names in the file.</summary>
    internal IReadOnlyDictionary<string, TensorInfo> FileTensors { get; }

    internal IReadOnlyDictionary<string, long[]> Shapes => _sources.ToDictionary(pair => pair.Key, pair => FileTensors[pair.Value].Shape);

    internal static EncoderTensors Open(string path) => FromFile(path, TensorFiles.Open(path));

    /// <summary>Takes ownership of the file.</summary>
    internal static EncoderTensors FromFile(string path, ITensorFile file)
    {
        try
        {
            return new EncoderTensors(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The name in Hugging Face's bare model of a tensor of the file.</summary>
    internal static string TranslateName(string source) => TensorNames.Translate(source).Name;

    /// <summary>Parameters of an architecture that the file does not have.</summary>
    internal IEnumerable<string> Missing(EncoderConfig config) =>
        ParameterShapes.ForConfig(config).Select(parameter => parameter.Name).Where(name => !_sources.ContainsKey(name));

    /// <summary>Describes tensors whose shape or type in the file is not that of the architecture.</summary>
    internal IEnumerable<string> Misshapen(EncoderConfig config)
    {
        foreach (var (name, shape) in ParameterShapes.ForConfig(config))
        {
            if (!_sources.TryGetValue(name, out string? source))
            {
                continue;
            }

            var (type, found) = FileTensors[source];
            if (!found.SequenceEqual(shape))
            {
                string expected = string.Join(", ", shape);
                yield return $"tensor {source} has shape [{string.Join(", ", found)}], but its configuration requires [{expected}]";
            }
            else if (!IsFloatingPoint(type))
            {
                yield return $"tensor {source} is {type}, not floating point";
            }
        }
    }

    /// <summary>The file's tensors that an architecture does not use, by their names in the file.</summary>
    internal IEnumerable<string> Unused(EncoderConfig config)
    {
        var used = ParameterShapes.ForConfig(config).Select(parameter => parameter.Name).ToHashSet();
        return _sources.Where(pair => !used.Contains(pair.Key)).Select(pair => pair.Value).Order(StringComparer.Ordinal);
    }

    /// <summary>The vector that replaces masked frames, [D] as float32, or null where the file has no suitable one.</summary>
    internal float[]? MaskVector(EncoderConfig config)
    {
        if (!_sources.TryGetValue(ParameterShapes.MaskVector, out string? source))
        {
            return null;
        }

        var (type, shape) = FileTensors[source];
        return shape.SequenceEqual([config.Width]) && IsFloatingPoint(type)
            ? DataTypes.Floats(source, type, File.Bytes(source))
            : null;
    }

    /// <summary>Reads the weights of an architecture as float32.</summary>
    /// <exception cref="InvalidDataException">
    /// A tensor is missing or of another shape or type, or the checkpoint's encoder has parts that this one does not support.
    /// The message names the tensor.
    /// </exception>
    internal IEnumerable<NamedTensor> Parameters(EncoderConfig config)
    {
        Check(config);
        return ReadParameters(config);
    }

    private IEnumerable<NamedTensor> ReadParameters(EncoderConfig config)
    {
        foreach (var (name, shape) in ParameterShapes.ForConfig(config))
        {
            string source = _sources[name];
            yield return new NamedTensor(name, shape, DataTypes.Floats(source, FileTensors[source].DType, File.Bytes(source)));
        }
    }

    private void Check(EncoderConfig config)
    {
        if (Missing(config).FirstOrDefault() is { } missing)
        {
            throw InvalidCheckpoint.Create(_path, $"it has no tensor {missing}, which its configuration requires");
        }

        if (Misshapen(config).FirstOrDefault() is { } misshapen)
        {
            throw InvalidCheckpoint.Create(_path, misshapen);
        }

        if (Unused(config).FirstOrDefault(IsPartOfEncoder) is { } foreign)
        {
            throw InvalidCheckpoint.Create(
                _path,
                $"its tensor {foreign} belongs to an encoder of another kind or with more layers than its configuration says; "
                + "ignoring it would change every result");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    private static bool IsFloatingPoint(string type) => type is "F32" or "F16" or "BF16" or "F64";

    // Quantisers, projections and heads that are not part of the encoder may be ignored. Parts of the encoder itself may not.
    private static bool IsPartOfEncoder(string source)
    {
        string name = TranslateName(source);
        return name.StartsWith("encoder.", StringComparison.Ordinal)
            || name.StartsWith("feature_extractor.", StringComparison.Ordinal)
            || name.StartsWith("feature_projection.", StringComparison.Ordinal);
    }
}

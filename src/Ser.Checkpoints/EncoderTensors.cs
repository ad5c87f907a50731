
namespace Ser.Checkpoints;

/// <summary>A checkpoint's tensors by the names that they have here. Owns the file.</summary>
internal sealed class EncoderTensors : IDisposable
{
    private readonly string path;
    private readonly Dictionary<string, string> sources = [];

    private EncoderTensors(string path, ITensorFile file)
    {
        this.path = path;
        File = file;
        InFile = file.Tensors;
        foreach (string source in InFile.Keys)
        {
            var (name, layout) = TensorNames.Of(source);
            Layout = layout ?? Layout;
            if (!sources.TryAdd(name, source))
            {
                throw Unsound.File(path, $"tensors {sources[name]} and {source} are both {name}; take the file that was published, with one of them");
            }
        }
    }

    internal ITensorFile File { get; }

    internal CheckpointLayout Layout { get; }

    internal IReadOnlyDictionary<string, (string DType, long[] Shape)> InFile { get; }

    internal IReadOnlyDictionary<string, long[]> Shapes => sources.ToDictionary(pair => pair.Key, pair => InFile[pair.Value].Shape);

    internal static EncoderTensors Open(string path) => Of(path, TensorFiles.Open(path));

    /// <summary>Takes the file over.</summary>
    internal static EncoderTensors Of(string path, ITensorFile file)
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

    /// <summary>The name that a tensor of the file has here.</summary>
    internal static string NameOf(string source) => TensorNames.Of(source).Name;

    /// <summary>What an architecture asks for and the file lacks.</summary>
    internal IEnumerable<string> Missing(EncoderConfig config) => ParameterShapes.Of(config).Select(parameter => parameter.Name).Where(name => !sources.ContainsKey(name));

    /// <summary>What the file has in another shape or type than an architecture asks for.</summary>
    internal IEnumerable<string> Misshapen(EncoderConfig config)
    {
        foreach (var (name, shape) in ParameterShapes.Of(config))
        {
            if (!sources.TryGetValue(name, out string? source))
            {
                continue;
            }

            var (type, found) = InFile[source];
            if (!found.SequenceEqual(shape))
            {
                yield return $"tensor {source} has shape [{string.Join(", ", found)}], its configuration asks for [{string.Join(", ", shape)}]";
            }
            else if (type is not ("F32" or "F16" or "BF16" or "F64"))
            {
                yield return $"tensor {source} is {type}, not floating point";
            }
        }
    }

    /// <summary>The file's tensors that an architecture does not use, by their names in the file.</summary>
    internal IEnumerable<string> Unused(EncoderConfig config)
    {
        var used = ParameterShapes.Of(config).Select(parameter => parameter.Name).ToHashSet();
        return sources.Where(pair => !used.Contains(pair.Key)).Select(pair => pair.Value).Order(StringComparer.Ordinal);
    }

    /// <summary>The vector that stands for masked frames, [D] as float32, or null where the file has none that fits.</summary>
    internal float[]? MaskVector(EncoderConfig config) =>
        sources.TryGetValue(ParameterShapes.MaskVector, out string? source) && InFile[source] is var (type, shape) && shape.SequenceEqual([config.Width]) && type is "F32" or "F16" or "BF16" or "F64"
            ? DataTypes.Floats(source, type, File.Bytes(source))
            : null;

    /// <summary>The weights of an architecture as float32.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, of another shape or type, or the encoder has parts that this one does not compute; the message names it.</exception>
    internal IEnumerable<NamedTensor> Parameters(EncoderConfig config)
    {
        Check(config);
        foreach (var (name, shape) in ParameterShapes.Of(config))
        {
            string source = sources[name];
            yield return new NamedTensor(name, shape, DataTypes.Floats(source, InFile[source].DType, File.Bytes(source)));
        }
    }

    private void Check(EncoderConfig config)
    {
        if (Missing(config).FirstOrDefault() is { } missing)
        {
            throw Unsound.File(path, $"it has no tensor {missing}, which its configuration asks for");
        }

        if (Misshapen(config).FirstOrDefault() is { } misshapen)
        {
            throw Unsound.File(path, misshapen);
        }

        if (Unused(config).FirstOrDefault(IsEncoders) is { } foreign)
        {
            throw Unsound.File(path, $"its tensor {foreign} belongs to an encoder of another kind or with more layers than its configuration says; leaving it out would change every number");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    // Quantisers, projections and heads beside the encoder are left out as a matter of course; parts of the encoder itself are not.
    private static bool IsEncoders(string source)
    {
        string name = NameOf(source);
        return name.StartsWith("encoder.", StringComparison.Ordinal) || name.StartsWith("feature_extractor.", StringComparison.Ordinal)
            || name.StartsWith("feature_projection.", StringComparison.Ordinal);
    }
}

using Ser.Learning.Encoder;
using TorchSharp;

namespace Ser.Learning.Checkpoints;

/// <summary>Reads Hugging Face's model.safetensors with config.json (and preprocessor_config.json) beside it.</summary>
public static class PublishedWeights
{
    private const string PositionWeight = "encoder.pos_conv_embed.conv.";

    /// <summary>What the files beside the weights say: architecture, and whether input is normalised.</summary>
    /// <exception cref="InvalidDataException">A configuration is missing or unsound.</exception>
    public static (EncoderConfig Config, bool NormalizeInput) Describe(string path)
    {
        if (!path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"{path} is not a .safetensors file: give the model.safetensors of a Hugging Face wav2vec 2.0 checkpoint");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string config = Path.Combine(folder, "config.json");
        return File.Exists(config)
            ? (PublishedConfig.Read(config), NormalizesInput(folder))
            : throw new InvalidDataException($"{config} is missing: put the checkpoint's config.json beside {Path.GetFileName(path)}");
    }

    /// <summary>The weights of an architecture, and the file's tensors that it does not use (pre-training heads, quantiser).</summary>
    /// <exception cref="InvalidDataException">The file is unsound, or a tensor is missing or of another shape; the message names it.</exception>
    public static (ParameterSet Parameters, IReadOnlyList<string> Unused) Parameters(string path, EncoderConfig config)
    {
        var file = SafeTensors.Read(path);
        var sources = file.Entries.Keys.ToDictionary(CanonicalName);
        var parameters = new ParameterSet();
        foreach (var (name, shape) in ParameterShapes.Of(config))
        {
            if (!sources.Remove(name, out string? source))
            {
                throw new InvalidDataException($"{path} has no tensor {name}, which its configuration asks for");
            }

            if (!file.Entries[source].Shape.SequenceEqual(shape))
            {
                string found = string.Join(", ", file.Entries[source].Shape);
                throw new InvalidDataException($"{path}: tensor {source} has shape [{found}], its configuration asks for [{string.Join(", ", shape)}]");
            }

            parameters.Add(name, torch.tensor(file.Floats(source), shape));
        }

        return (parameters, [.. sources.Values.Order(StringComparer.Ordinal)]);
    }

    /// <summary>A checkpoint's tensor name without its prefix, with the older names of the weight norm.</summary>
    internal static string CanonicalName(string name)
    {
        foreach (string prefix in (string[])["wav2vec2.", "hubert."])
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        }

        return name switch
        {
            PositionWeight + "parametrizations.weight.original0" => PositionWeight + "weight_g",
            PositionWeight + "parametrizations.weight.original1" => PositionWeight + "weight_v",
            _ => name,
        };
    }

    private static bool NormalizesInput(string folder)
    {
        string path = Path.Combine(folder, "preprocessor_config.json");
        if (!File.Exists(path))
        {
            return true;
        }

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        return !json.RootElement.TryGetProperty("do_normalize", out var value) || value.GetBoolean();
    }
}

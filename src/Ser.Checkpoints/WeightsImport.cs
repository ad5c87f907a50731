using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Checkpoints;

/// <summary>Converts a checkpoint to Hugging Face's layout: a .safetensors file of float32 with both configuration files.</summary>
public static class WeightsImport
{
    private const string Unfinished = ".part";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// The three files that an import to <paramref name="output"/> writes, in the order in which they are moved into place.
    /// </summary>
    public static IReadOnlyList<string> OutputFiles(string output)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        return
        [
            Path.Combine(folder, PublishedConfig.ModelFile),
            Path.Combine(folder, PublishedConfig.PreprocessorFile),
            Path.GetFullPath(output),
        ];
    }

    /// <summary>
    /// Writes all three files under temporary names and then moves them into place, the weights last. Where the weights exist, the three
    /// files therefore belong together. Existing files are replaced. After a failure no temporary files remain.
    /// </summary>
    /// <exception cref="InvalidDataException">The checkpoint lacks a tensor, or its architecture is not fully known.</exception>
    public static void Write(PublishedWeights weights, string output)
    {
        var files = OutputFiles(output);
        string[] parts = [.. files.Select(file => file + Unfinished)];
        var parameters = weights.Parameters().Select(ToSource).ToList();
        string folder = Path.GetDirectoryName(files[^1])!;
        bool folderIsNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            var (config, normalizeInput, _, _) = weights.Architecture;
            WriteJson(parts[0], PublishedConfig.ModelJson(config));
            WriteJson(parts[1], PublishedConfig.PreprocessorJson(normalizeInput, config.ConvolutionLayerNorm));
            SafeTensors.Write(parts[2], parameters, new Dictionary<string, string> { ["format"] = "pt" });
            File.Delete(files[^1]);
            foreach (var (part, file) in parts.Zip(files))
            {
                File.Move(part, file, overwrite: true);
            }
        }
        catch
        {
            foreach (string part in parts.Where(File.Exists))
            {
                File.Delete(part);
            }

            if (folderIsNew && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }
    }

    private static SafeTensors.Source ToSource(NamedTensor tensor) =>
        new(tensor.Name, "F32", tensor.Shape, () => MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray());

    private static void WriteJson(string path, JsonObject json)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        JsonSerializer.Serialize(file, json, Indented);
        file.Flush(flushToDisk: true);
    }
}

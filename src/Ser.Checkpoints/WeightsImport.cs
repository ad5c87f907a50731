using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Checkpoints;

/// <summary>Writes a checkpoint of any layout as Hugging Face's: a plain .safetensors file of float32, with both configurations beside it.</summary>
public static class WeightsImport
{
    private const string Unfinished = ".part";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The three files that an import to <paramref name="output"/> writes, in the order in which they take their place.</summary>
    public static IReadOnlyList<string> Files(string output)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        return [Path.Combine(folder, PublishedConfig.ModelFile), Path.Combine(folder, PublishedConfig.PreprocessorFile), Path.GetFullPath(output)];
    }

    /// <summary>
    /// Writes all three files and then moves them to their places, the weights last: where the weights are, the three belong together. After a failure nothing is left
    /// of them; older files of the same names are replaced.
    /// </summary>
    /// <exception cref="InvalidDataException">The checkpoint lacks a tensor, or its architecture is not fully known.</exception>
    public static void Write(PublishedWeights weights, string output)
    {
        var files = Files(output);
        string[] parts = [.. files.Select(file => file + Unfinished)];
        var parameters = weights.Parameters().Select(ToSource).ToList();
        string folder = Path.GetDirectoryName(files[^1])!;
        bool folderIsNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            WriteJson(parts[0], PublishedConfig.ModelJson(weights.Architecture.Config));
            WriteJson(parts[1], PublishedConfig.PreprocessorJson(weights.Architecture.NormalizeInput, weights.Architecture.Config.ConvolutionLayerNorm));
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

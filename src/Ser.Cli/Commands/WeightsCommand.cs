using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Checkpoints;
using Ser.Domain;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser weights show` and `ser weights import`: inspects and converts published checkpoints.</summary>
internal static class WeightsCommand
{
    private const string Extension = ".safetensors";

    internal static SerCommand Create() => new(
        "weights",
        "Inspect or convert a published checkpoint.",
        "ser weights show wav2vec2-base/pytorch_model.bin",
        "Inspect a published checkpoint of wav2vec 2.0 or HuBERT (Hugging Face, fairseq, torchaudio), or convert it.")
    {
        Show(), Import(),
    };

    private static SerCommand Show()
    {
        var (file, heads) = (FileArgument(), HeadsOption());
        var show = new SerCommand(
            "show",
            "Print the architecture and the tensors of a checkpoint.",
            "ser weights show wav2vec2-base/pytorch_model.bin",
            "Print layout, architecture, tensors with type and shape, and which tensors are missing or unused.")
        {
            file, heads,
        };
        show.SetAction(parsed =>
        {
            string path = ExistingPath(parsed.GetValue(file)!);
            using var weights = AsInputErrors(() => PublishedWeights.Open(path, parsed.GetValue(heads)));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(WeightsReport.ToJson(path, weights));
            }
            else
            {
                Output.WriteText(WeightsReport.ToText(weights));
            }

            return weights.Missing.Count + weights.Misshapen.Count > 0 ? CommandLine.WrongInput : CommandLine.Done;
        });
        return show;
    }

    private static SerCommand Import()
    {
        var (file, heads) = (FileArgument(), HeadsOption());
        var output = new Option<string?>("--output")
        {
            Description = "File to write. Default: model.safetensors in a folder beside FILE that has FILE's name.",
            HelpName = "FILE",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace existing files." };
        var import = new SerCommand(
            "import",
            "Convert a checkpoint to float32 .safetensors.",
            "ser weights import wav2vec_small.pt --output weights/base/model.safetensors",
            "Write a checkpoint as a plain .safetensors file of float32, with config.json and preprocessor_config.json beside it.")
        {
            file, output, overwrite, heads,
        };
        import.SetAction(parsed =>
        {
            string path = ExistingPath(parsed.GetValue(file)!);
            string target = TargetPath(path, parsed.GetValue(output), parsed.GetValue(overwrite));
            using var weights = AsInputErrors(() => PublishedWeights.Open(path, parsed.GetValue(heads)));
            AsInputErrors(() =>
            {
                WeightsImport.Write(weights, target);
                return target;
            });
            if (parsed.GetValue(CommandLine.Json))
            {
                var files = WeightsReport.Names(WeightsImport.OutputFiles(target));
                Output.WriteJson(new JsonObject { ["files"] = files, ["unused"] = WeightsReport.Names(weights.Unused) });
            }
            else
            {
                Output.WriteText($"{target}: {WeightsReport.Architecture(weights)}");
            }

            Output.WriteMessage($"left out, since the encoder does not use them: {WeightsReport.List(weights.Unused)}");
            return CommandLine.Done;
        });
        return import;
    }

    private static Argument<string> FileArgument() =>
        new("FILE") { Description = "The checkpoint: .safetensors, or .bin, .pt, .pth as torch.save writes them." };

    private static Option<int?> HeadsOption() =>
        new("--heads") { Description = "Number of attention heads, for a file that does not contain it.", HelpName = "N" };

    private static string ExistingPath(string file)
    {
        string path = Path.GetFullPath(file);
        return File.Exists(path)
            ? path
            : throw new InputException($"there is no file {path}: give a checkpoint of wav2vec 2.0 or HuBERT as it was published");
    }

    private static string TargetPath(string path, string? output, bool overwrite)
    {
        string folderByDefault = Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path));
        string target = Path.GetFullPath(output ?? Path.Combine(folderByDefault, "model" + Extension));
        if (!target.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"--output {target} does not end with {Extension}: "
                + $"give the file to write, such as {Path.Combine(target, "model" + Extension)}");
        }

        string? existing = WeightsImport.OutputFiles(target).FirstOrDefault(file => File.Exists(file) || Directory.Exists(file));
        return existing is null || overwrite
            ? target
            : throw new InputException(
                $"{existing} already exists, and config.json and preprocessor_config.json belong to the weights beside them: "
                + "give --output a folder of its own, or --overwrite to replace all three");
    }

    // A file that is damaged or may not be read is the user's to correct: exit code 2.
    private static T AsInputErrors<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unusable) when (unusable is InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException(unusable.Message, unusable);
        }
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Checkpoints;
using Ser.Domain;

namespace Ser.Cli.Commands;

/// <summary>`ser weights show` and `ser weights import`: published checkpoints, looked at and converted.</summary>
internal static class WeightsCommand
{
    private const string Ending = ".safetensors";

    internal static Command Create() =>
        new("weights", "Look at a published checkpoint of wav2vec 2.0 or HuBERT (Hugging Face, fairseq, torchaudio), or convert it.") { Show(), Import() };

    private static Command Show()
    {
        var (file, heads) = (FileArgument(), HeadsOption());
        var show = new Command("show", "Print layout, architecture, tensors with type and shape, what is missing and what is unused.") { file, heads };
        show.SetAction(parsed =>
        {
            string path = Existing(parsed.GetValue(file)!);
            using var weights = Sound(() => PublishedWeights.Open(path, parsed.GetValue(heads)));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(WeightsReport.Json(path, weights));
            }
            else
            {
                Output.Text(WeightsReport.Text(weights));
            }

            return weights.Missing.Count + weights.Misshapen.Count > 0 ? CommandLine.WrongInput : CommandLine.Done;
        });
        return show;
    }

    private static Command Import()
    {
        var (file, heads) = (FileArgument(), HeadsOption());
        var output = new Option<string?>("--output") { Description = "Where to write. Default: model.safetensors in a folder beside FILE that has FILE's name.", HelpName = "FILE" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var import = new Command("import", "Write a checkpoint as a plain .safetensors file of float32, with config.json and preprocessor_config.json beside it.")
        {
            file,
            output,
            overwrite,
            heads,
        };
        import.SetAction(parsed =>
        {
            string path = Existing(parsed.GetValue(file)!);
            string target = Target(path, parsed.GetValue(output), parsed.GetValue(overwrite));
            using var weights = Sound(() => PublishedWeights.Open(path, parsed.GetValue(heads)));
            Sound(() =>
            {
                WeightsImport.Write(weights, target);
                return target;
            });
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["files"] = WeightsReport.Names(WeightsImport.Files(target)), ["unused"] = WeightsReport.Names(weights.Unused) });
            }
            else
            {
                Output.Text($"{target}: {WeightsReport.Architecture(weights)}");
            }

            Output.Say($"left out, since the encoder does not use them: {WeightsReport.List(weights.Unused)}");
            return CommandLine.Done;
        });
        return import;
    }

    private static Argument<string> FileArgument() => new("FILE") { Description = "The checkpoint: .safetensors, or .bin, .pt, .pth as torch.save writes them." };

    private static Option<int?> HeadsOption() => new("--heads") { Description = "Attention heads, for a file that does not say.", HelpName = "N" };

    private static string Existing(string file)
    {
        string path = Path.GetFullPath(file);
        return File.Exists(path) ? path : throw new InputException($"there is no file {path}: give a checkpoint of wav2vec 2.0 or HuBERT as it was published");
    }

    private static string Target(string path, string? output, bool overwrite)
    {
        string target = Path.GetFullPath(output ?? Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path), "model" + Ending));
        if (!target.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"--output {target} does not end with {Ending}: give the file to write, such as {Path.Combine(target, "model" + Ending)}");
        }

        string? there = WeightsImport.Files(target).FirstOrDefault(file => File.Exists(file) || Directory.Exists(file));
        return there is null || overwrite
            ? target
            : throw new InputException(
                $"{there} is there already, and config.json and preprocessor_config.json belong to the weights beside them: give --output a folder of its own, or --overwrite to replace all three");
    }

    private static T Sound<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unsound) when (unsound is InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException(unsound.Message, unsound);
        }
    }
}

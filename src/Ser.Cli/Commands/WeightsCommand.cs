using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Learning.Checkpoints;
using Ser.Stages;

namespace Ser.Cli.Commands;

/// <summary>`ser weights show` and `ser weights import`: published checkpoints, looked at and converted.</summary>
internal static class WeightsCommand
{
    private const string Ending = ".safetensors";

    internal static Command Create() => new("weights", "Look at a published checkpoint of wav2vec 2.0 or HuBERT (Hugging Face, fairseq, torchaudio), or convert it.") { Show(), Import() };

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
                Output.Json(Json(path, weights));
            }
            else
            {
                Print(weights);
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
        var import = new Command("import", "Write a checkpoint as a plain .safetensors file of float32, with config.json and preprocessor_config.json beside it.") { file, output, overwrite, heads };
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
                Output.Json(new JsonObject { ["files"] = new JsonArray([.. WeightsImport.Files(target).Select(written => (JsonNode?)written)]), ["unused"] = Names(weights.Unused) });
            }
            else
            {
                Output.Text($"{target}: {Describe(weights)}");
            }

            Output.Say($"left out, since the encoder does not use them: {(weights.Unused.Count == 0 ? "nothing" : string.Join(", ", weights.Unused))}");
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
            : throw new InputException($"{there} is there already, and config.json and preprocessor_config.json belong to the weights beside them: give --output a folder of its own, or --overwrite to replace all three");
    }

    private static T Sound<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException unsound)
        {
            throw new InputException(unsound.Message, unsound);
        }
    }

    private static string Describe(PublishedWeights weights)
    {
        var config = weights.Architecture.Config;
        string heads = weights.Architecture.Unknown is null ? config.Heads.ToString(CultureInfo.InvariantCulture) : "?";
        return string.Create(CultureInfo.InvariantCulture,
            $"{config.Layers} layers, width {config.Width}, {heads} heads, feed-forward {config.FeedForward}, {(config.ConvolutionLayerNorm ? "layer" : "group")} norm in the convolutions, layer norm {(config.NormFirst ? "before" : "after")} each block, input {(weights.Architecture.NormalizeInput ? "normalised" : "as it is")}");
    }

    private static void Print(PublishedWeights weights)
    {
        Output.Text($"layout        {Layout(weights)}, {weights.Container}");
        Output.Text($"architecture  {Describe(weights)}");
        Output.Text($"              from {weights.Architecture.Source}");
        Output.Text($"unknown       {weights.Architecture.Unknown ?? "nothing"}");
        Output.Text($"missing       {List(weights.Missing)}");
        Output.Text($"misfits       {List(weights.Misshapen)}");
        Output.Text($"unused        {List(weights.Unused)}");
        Output.Text($"tensors       {weights.Tensors.Count}");
        foreach (var tensor in weights.Tensors)
        {
            Output.Text($"  {tensor.DType,-4} {$"[{string.Join(", ", tensor.Shape)}]",-18} {tensor.Source}");
        }
    }

    private static JsonObject Json(string path, PublishedWeights weights)
    {
        var architecture = SpecJson.Of(weights.Architecture.Config);
        if (weights.Architecture.Unknown is not null)
        {
            architecture["heads"] = null;
        }

        return new JsonObject
        {
            ["file"] = path,
            ["layout"] = Layout(weights),
            ["container"] = weights.Container,
            ["architecture"] = architecture,
            ["architectureFrom"] = weights.Architecture.Source,
            ["normalizeInput"] = weights.Architecture.NormalizeInput,
            ["unknown"] = weights.Architecture.Unknown,
            ["missing"] = Names(weights.Missing),
            ["misfits"] = Names(weights.Misshapen),
            ["unused"] = Names(weights.Unused),
            ["tensors"] = new JsonArray([.. weights.Tensors.Select(tensor => new JsonObject
            {
                ["source"] = tensor.Source,
                ["name"] = tensor.Name,
                ["dtype"] = tensor.DType,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(side => JsonValue.Create(side))]),
            })]),
        };
    }

    private static string Layout(PublishedWeights weights) => weights.Layout switch
    {
        CheckpointLayout.Fairseq => "fairseq",
        CheckpointLayout.Torchaudio => "torchaudio",
        _ => "Hugging Face",
    };

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);

    private static JsonArray Names(IReadOnlyList<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}

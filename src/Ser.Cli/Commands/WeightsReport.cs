using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ser.Checkpoints;
using Ser.Stages;

namespace Ser.Cli.Commands;

/// <summary>The contents of a checkpoint, as text and as JSON.</summary>
internal static class WeightsReport
{
    internal static string ToText(PublishedWeights weights)
    {
        var text = new StringBuilder();
        text.AppendLine($"layout        {Layout(weights)}, {weights.Container}");
        text.AppendLine($"architecture  {Architecture(weights)}");
        text.AppendLine($"              from {weights.Architecture.Source}");
        text.AppendLine($"unknown       {weights.Architecture.Unknown ?? "nothing"}");
        text.AppendLine($"missing       {List(weights.Missing)}");
        text.AppendLine($"misfits       {List(weights.Misshapen)}");
        text.AppendLine($"unused        {List(weights.Unused)}");
        text.AppendLine($"tensors       {weights.Tensors.Count}");
        foreach (var tensor in weights.Tensors)
        {
            text.AppendLine($"  {tensor.DType,-4} {$"[{string.Join(", ", tensor.Shape)}]",-18} {tensor.Source}");
        }

        return text.ToString();
    }

    internal static JsonObject ToJson(string path, PublishedWeights weights)
    {
        var architecture = SpecJson.ToNode(weights.Architecture.Config);
        if (weights.Architecture.Unknown is not null)
        {
            architecture["heads"] = null;
        }

        var tensors = weights.Tensors.Select(tensor => new JsonObject
        {
            ["source"] = tensor.Source,
            ["name"] = tensor.Name,
            ["dtype"] = tensor.DType,
            ["shape"] = new JsonArray([.. tensor.Shape.Select(size => JsonValue.Create(size))]),
        });
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
            ["tensors"] = new JsonArray([.. tensors]),
        };
    }

    /// <summary>One line: sizes, norms, and whether the encoder expects normalised input.</summary>
    internal static string Architecture(PublishedWeights weights)
    {
        var (config, normalizes, _, unknown) = weights.Architecture;
        string heads = unknown is null ? config.Heads.ToString(CultureInfo.InvariantCulture) : "?";
        string convolutionNorm = config.ConvolutionLayerNorm ? "layer" : "group";
        string normPosition = config.NormFirst ? "before" : "after";
        string norms = $"{convolutionNorm} norm in the convolutions, layer norm {normPosition} each block";
        string sizes = $"{config.Layers} layers, width {config.Width}, {heads} heads, feed-forward {config.FeedForward}";
        return $"{sizes}, {norms}, input {(normalizes ? "normalised" : "as it is")}";
    }

    internal static string List(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);

    internal static JsonArray Names(IReadOnlyList<string> names) => [.. names.Select(name => JsonValue.Create(name))];

    private static string Layout(PublishedWeights weights) => weights.Layout switch
    {
        CheckpointLayout.Fairseq => "fairseq",
        CheckpointLayout.Torchaudio => "torchaudio",
        _ => "Hugging Face",
    };
}

using System.Globalization;
using Ser.Domain;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>Where nodes come from, and where what is wrong with them is gathered.</summary>
internal sealed record YamlSource(string Name, bool HasLines, List<string> Problems)
{
    internal void Add(YamlNode node, string what) =>
        Problems.Add(HasLines ? $"{Name}, line {node.Start.Line}, column {node.Start.Column}: {what}" : $"{Name}: {what}");
}

/// <summary>A value is not what its key takes. Caught where the key is read, so that the other keys are read too.</summary>
internal sealed class YamlValueException(YamlNode node, string what) : Exception(what)
{
    internal YamlNode Node => node;
}

/// <summary>One node with the dotted key that leads to it. Reads the node as what its key takes.</summary>
internal sealed record YamlValue(YamlNode Node, YamlSource Source, string Key)
{
    /// <summary>Nothing, null or ~.</summary>
    internal bool IsNull => Node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };

    internal YamlValueException Wrong(string wanted) => new(Node, $"{Key} is {Shown}: {wanted}");

    internal string Text() => Node is YamlScalarNode { Value: { Length: > 0 } value } && !IsNull ? value : throw Wrong("it should be a text");

    internal string OneOf(params IReadOnlyList<string> known)
    {
        string value = Node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Wrong($"it should be one of {string.Join(", ", known)}");
        return known.Contains(value) ? value : throw Wrong($"it should be one of {string.Join(", ", known)}; the nearest is '{Nearest.Of(value, known)}'");
    }

    internal bool Truth() => OneOf("true", "false") == "true";

    internal long Whole(long least, long most = long.MaxValue)
    {
        string range = most == long.MaxValue ? $"of at least {least}" : $"from {least} to {most}";
        return Scalar is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw Wrong($"it should be a whole number {range}");
    }

    /// <param name="holds">The range.</param>
    /// <param name="range">The range in words.</param>
    internal double Number(Func<double, bool> holds, string range) =>
        Scalar is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && holds(number)
            ? number
            : throw Wrong($"it should be a number {range}");

    /// <summary>Every item of a list, or the one value that stands in its place.</summary>
    internal IReadOnlyList<T> OneOrMore<T>(Func<YamlValue, T> read) => [.. Items().Select(read)];

    internal IReadOnlyList<YamlValue> Items() => Node switch
    {
        YamlSequenceNode { Children.Count: 0 } => throw Wrong("at least one value is needed"),
        YamlSequenceNode list => [.. list.Children.Select(item => this with { Node = item })],
        _ => [this],
    };

    private string? Scalar => Node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } scalar ? scalar.Value : null;

    private string Shown => Node switch
    {
        YamlScalarNode { Value: null or "" } => "empty",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        YamlSequenceNode => "a list",
        _ => "a mapping",
    };
}

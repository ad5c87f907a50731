using System.Globalization;
using Ser.Domain;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>The source of nodes, which collects the problems with them.</summary>
internal sealed record YamlSource(string Name, bool HasLines, List<string> Problems)
{
    internal void AddProblem(YamlNode node, string problem) =>
        Problems.Add(HasLines
            ? $"{Name}, line {node.Start.Line}, column {node.Start.Column}: {problem}"
            : $"{Name}: {problem}");
}

/// <summary>The value of a key is invalid. Caught where the key is read, so that the other keys are still read.</summary>
internal sealed class YamlValueException(YamlNode node, string problem) : Exception(problem)
{
    internal YamlNode Node => node;
}

/// <summary>One node with its dotted key. Converts the node to the type of the key.</summary>
internal sealed record YamlValue(YamlNode Node, YamlSource Source, string Key)
{
    /// <summary>Whether the value is empty, null or ~.</summary>
    internal bool IsNull => Node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };

    internal YamlValueException Invalid(string expected) => new(Node, $"{Key} is {Shown}: {expected}");

    internal string ReadString() =>
        Node is YamlScalarNode { Value: { Length: > 0 } value } && !IsNull ? value : throw Invalid("it should be a text");

    internal string ReadOneOf(params IReadOnlyList<string> allowed)
    {
        string expected = $"it should be one of {string.Join(", ", allowed)}";
        string value = Node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Invalid(expected);
        return allowed.Contains(value) ? value : throw Invalid($"{expected}; the nearest is '{Spelling.Nearest(value, allowed)}'");
    }

    internal bool ReadBoolean() => ReadOneOf("true", "false") == "true";

    internal long ReadInteger(long minimum, long maximum = long.MaxValue)
    {
        string range = maximum == long.MaxValue ? $"of at least {minimum}" : $"from {minimum} to {maximum}";
        return Scalar is { } text
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= minimum
            && number <= maximum
            ? number
            : throw Invalid($"it should be a whole number {range}");
    }

    /// <param name="isValid">Whether a number is in the range.</param>
    /// <param name="range">The range in words, for the message.</param>
    internal double ReadNumber(Func<double, bool> isValid, string range) =>
        Scalar is { } text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            && isValid(number)
            ? number
            : throw Invalid($"it should be a number {range}");

    /// <summary>Reads every item of a list, or a single value as a list of one.</summary>
    internal IReadOnlyList<T> ReadList<T>(Func<YamlValue, T> read) => [.. Items().Select(read)];

    internal IReadOnlyList<YamlValue> Items() => Node switch
    {
        YamlSequenceNode { Children.Count: 0 } => throw Invalid("at least one value is needed"),
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

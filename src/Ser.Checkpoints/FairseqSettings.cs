using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints;

/// <summary>
/// Named settings in a fairseq checkpoint: a dict, an argparse.Namespace, or a container of omegaconf, which wraps every value.
/// </summary>
internal sealed class FairseqSettings(string source, PickledDict values)
{
    /// <summary>Reads <paramref name="value"/> as settings; null where it is not a container of settings.</summary>
    internal static FairseqSettings? Parse(string source, object? value) => Unwrap(value) switch
    {
        PickledDict dict => new FairseqSettings(source, dict),
        PickledObject { Type.FullName: "argparse.Namespace", State: PickledDict dict } => new FairseqSettings(source, dict),
        _ => null,
    };

    internal FairseqSettings? Group(string name) => Parse(source, values[name]);

    internal bool Has(string name) => Unwrap(values[name]) is not null;

    internal string Text(string name, string otherwise) => Unwrap(values[name]) switch
    {
        null => otherwise,
        string text => text,
        PickledObject { Arguments: PickledTuple { Items: [string text] } } => text, // a member of an enumeration
        _ => throw Wrong(name, "text"),
    };

    internal int Integer(string name, int otherwise) => Unwrap(values[name]) switch
    {
        null => otherwise,
        long number and >= int.MinValue and <= int.MaxValue => (int)number,
        _ => throw Wrong(name, "an integer"),
    };

    internal double Number(string name, double otherwise) => Unwrap(values[name]) switch
    {
        null => otherwise,
        double number => number,
        long number => number,
        _ => throw Wrong(name, "a number"),
    };

    internal bool Flag(string name) => Unwrap(values[name]) switch
    {
        null => false,
        bool flag => flag,
        _ => throw Wrong(name, "true or false"),
    };

    private static object? Unwrap(object? value) =>
        value is PickledObject { State: PickledDict state } wrapped
        && wrapped.Type.Module.StartsWith("omegaconf.", StringComparison.Ordinal)
            ? state["_content"] ?? state["_val"]
            : value;

    private InvalidDataException Wrong(string name, string expected) =>
        InvalidCheckpoint.Create(source, $"{name} is not {expected}; download the checkpoint again");
}

using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>Parses text into YAML nodes that know their line and column.</summary>
internal static class YamlText
{
    // Far more than the keys of an experiment file have.
    private const int MaxDepth = 40;

    /// <summary>Parses a document that is one mapping; null if it is not, with the reason added to <paramref name="problems"/>.</summary>
    internal static YamlMappingNode? ParseMapping(string text, string source, List<string> problems)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int tab = lines[i].IndexOf('\t');
            if (tab >= 0 && lines[i].AsSpan(0, tab).Trim(' ').IsEmpty && lines[i].Trim().Length > 0)
            {
                problems.Add($"{source}, line {i + 1}, column {tab + 1}: a tab indents this line; YAML requires spaces");
                return null;
            }
        }

        var documents = Load(text, source, problems);
        if (documents is null)
        {
            return null;
        }

        if (documents.Count == 0 || documents[0].RootNode is YamlScalarNode { Value: null or "" })
        {
            problems.Add($"{source} is empty: it should be a mapping of keys to values, at least 'corpus: KIND:PATH'");
            return null;
        }

        if (documents.Count > 1)
        {
            problems.Add($"{source}, line {documents[1].RootNode.Start.Line}: a second document begins here; an experiment file holds one");
            return null;
        }

        if (documents[0].RootNode is YamlMappingNode mapping)
        {
            return mapping;
        }

        var root = documents[0].RootNode;
        problems.Add($"{source}, line {root.Start.Line}, column {root.Start.Column}: "
            + "a mapping of keys to values is expected here, such as 'corpus: KIND:PATH'");
        return null;
    }

    /// <summary>Parses "a.b=value" into the mapping { a: { b: value } }.</summary>
    internal static YamlMappingNode? ParseOverride(string set, List<string> problems)
    {
        int equals = set.IndexOf('=');
        string[] keys = set[..Math.Max(equals, 0)].Trim().Split('.');
        if (equals <= 0 || keys.Any(string.IsNullOrWhiteSpace))
        {
            problems.Add($"--set {set}: it should be a dotted key, '=' and a YAML value, such as training.epochs=3");
            return null;
        }

        var documents = Load(set[(equals + 1)..].Trim(), $"--set {set}", problems);
        if (documents is null)
        {
            return null;
        }

        YamlNode value = documents.Count == 1 ? documents[0].RootNode : new YamlScalarNode("");
        foreach (string key in keys.Reverse())
        {
            value = new YamlMappingNode(new YamlScalarNode(key), value);
        }

        return (YamlMappingNode)value;
    }

    // Nodes are read by recursion, so a document of some tens of thousands of brackets would overflow the stack and end the process.
    // The parser of events keeps its own stack.
    private static ParsingEvent? FindTooDeep(string text)
    {
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                return parser.Current;
            }
        }

        return null;
    }

    private static IList<YamlDocument>? Load(string text, string source, List<string> problems)
    {
        try
        {
            if (FindTooDeep(text) is { } tooDeep)
            {
                string where = $"{source}, line {tooDeep.Start.Line}, column {tooDeep.Start.Column}";
                problems.Add($"{where}: more than {MaxDepth} lists or mappings in each other");
                return null;
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents;
        }
        catch (YamlException error)
        {
            string why = (error.InnerException ?? error).Message.TrimEnd('.');
            problems.Add($"{source}, line {error.Start.Line}, column {error.Start.Column}: this is not YAML: {why}");
            return null;
        }
    }
}

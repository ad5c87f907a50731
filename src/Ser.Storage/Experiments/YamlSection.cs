using System.Collections;
using Ser.Domain;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>
/// The keys of one mapping, each with a function that changes a record. Unknown keys are reported with the nearest known key.
/// </summary>
internal sealed class YamlSection<T>(string name) : IEnumerable<string>
{
    private readonly Dictionary<string, Func<T, YamlValue, T>> _keys = [];

    internal void Add(string key, Func<T, YamlValue, T> read) => _keys.Add(key, read);

    /// <summary>Applies the values of the mapping to <paramref name="start"/>.</summary>
    internal T Apply(T start, YamlValue value)
    {
        if (value.Node is not YamlMappingNode mapping)
        {
            string expected = $"it should be a mapping with keys out of {string.Join(", ", _keys.Keys)}";
            value.Source.AddProblem(value.Node, value.Invalid(expected).Message);
            return start;
        }

        foreach (var (keyNode, node) in mapping.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (!_keys.TryGetValue(key, out var read))
            {
                string where = name.Length == 0 ? "" : $" in {name}";
                value.Source.AddProblem(keyNode, $"unknown key '{key}'{where}; the nearest known one is '{NearestTo(key)}'");
                continue;
            }

            try
            {
                start = read(start, new YamlValue(node, value.Source, name.Length == 0 ? key : $"{name}.{key}"));
            }
            catch (YamlValueException invalid)
            {
                value.Source.AddProblem(invalid.Node, invalid.Message);
            }
        }

        return start;
    }

    public IEnumerator<string> GetEnumerator() => _keys.Keys.Select(key => name.Length == 0 ? key : $"{name}.{key}").GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // For a key that belongs into another section the dotted key of that section is suggested.
    private string NearestTo(string key)
    {
        string nearest = Spelling.Nearest(key, _keys.Keys)!;
        if (Spelling.Distance(nearest, key) <= 1)
        {
            return nearest;
        }

        string? elsewhere = ExperimentKeys.AllKeys.FirstOrDefault(known => known.EndsWith('.' + key, StringComparison.OrdinalIgnoreCase));
        return elsewhere ?? nearest;
    }
}

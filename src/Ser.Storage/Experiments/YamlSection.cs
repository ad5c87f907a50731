using System.Collections;
using Ser.Domain;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>The keys of one mapping, each with how it changes a record. Unknown keys are problems that name the nearest known one.</summary>
internal sealed class YamlSection<T>(string name) : IEnumerable<string>
{
    private readonly Dictionary<string, Func<T, YamlValue, T>> keys = [];

    internal void Add(string key, Func<T, YamlValue, T> read) => keys.Add(key, read);

    /// <summary><paramref name="start"/> with the differences that the mapping holds.</summary>
    internal T Apply(T start, YamlValue value)
    {
        if (value.Node is not YamlMappingNode mapping)
        {
            value.Source.Add(value.Node, value.Wrong($"it should be a mapping with keys out of {string.Join(", ", keys.Keys)}").Message);
            return start;
        }

        foreach (var (keyNode, node) in mapping.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (!keys.TryGetValue(key, out var read))
            {
                string place = name.Length == 0 ? "" : $" in {name}";
                value.Source.Add(keyNode, $"unknown key '{key}'{place}; the nearest known one is '{NearestTo(key)}'");
                continue;
            }

            try
            {
                start = read(start, new YamlValue(node, value.Source, name.Length == 0 ? key : $"{name}.{key}"));
            }
            catch (YamlValueException wrong)
            {
                value.Source.Add(wrong.Node, wrong.Message);
            }
        }

        return start;
    }

    public IEnumerator<string> GetEnumerator() => keys.Keys.Select(key => name.Length == 0 ? key : $"{name}.{key}").GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A key that is right but in the wrong place is answered with its place.
    private string NearestTo(string key) =>
        ExperimentKeys.All.FirstOrDefault(known => known.EndsWith('.' + key, StringComparison.OrdinalIgnoreCase) && Nearest.Distance(Nearest.Of(key, keys.Keys)!, key) > 1)
        ?? Nearest.Of(key, keys.Keys)!;
}

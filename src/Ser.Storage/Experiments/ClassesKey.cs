using Ser.Domain.Experiments;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>Reads `classes: { angry: [ang], happy: [hap, exc] }`: class to corpus labels, in the order of the confusion matrix.</summary>
internal static class ClassesKey
{
    /// <param name="before">Classes that are extended or changed (--set classes.angry=...), or null.</param>
    /// <param name="value">The mapping.</param>
    internal static IReadOnlyList<ClassLabels> Parse(IReadOnlyList<ClassLabels>? before, YamlValue value)
    {
        if (value.Node is not YamlMappingNode mapping)
        {
            throw value.Invalid("it should be a mapping of class to corpus labels, such as { angry: [ang], happy: [hap, exc] }");
        }

        List<ClassLabels> classes = [.. before ?? []];
        foreach (var (keyNode, node) in mapping.Children)
        {
            string name = new YamlValue(keyNode, value.Source, "a class of classes").ReadString();
            var labels = new YamlValue(node, value.Source, $"classes.{name}").ReadList(item => item.ReadString());
            int index = classes.FindIndex(known => known.Class == name);
            classes.RemoveAll(known => known.Class == name);
            classes.Insert(index < 0 ? classes.Count : index, new ClassLabels(name, labels));
        }

        if (classes.Count < 2)
        {
            throw new YamlValueException(value.Node, $"classes has {classes.Count}: at least two are needed");
        }

        var duplicate = classes.SelectMany(named => named.Labels).GroupBy(label => label).FirstOrDefault(label => label.Count() > 1);
        return duplicate is null
            ? classes
            : throw new YamlValueException(
                value.Node,
                $"classes names the label '{duplicate.Key}' {duplicate.Count()} times: a label belongs to one class");
    }
}

using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;

namespace Ser.Corpora;

/// <summary>Puts labels into classes: those that the experiment names, or the paper's four by the corpus's own labels.</summary>
internal sealed class ClassChoice
{
    private readonly Labels labels;
    private readonly bool named;
    private readonly Dictionary<string, int> classOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> twice = [];

    internal ClassChoice(Labels labels, IReadOnlyList<ClassLabels>? classes)
    {
        (this.labels, named) = (labels, classes is not null);
        var chosen = classes ?? labels.Four;
        Names = [.. chosen.Select(choice => choice.Class)];
        for (int i = 0; i < chosen.Count; i++)
        {
            foreach (string label in chosen[i].Labels)
            {
                if (!classOf.TryAdd(Canonical(label), i) && classOf[Canonical(label)] != i)
                {
                    twice.Add(label);
                }
            }
        }
    }

    /// <summary>Class names, in order.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The class of a label; null where no class takes it, which is a problem if the label is unknown besides.</summary>
    internal int? Of(string label, out bool unknown)
    {
        unknown = !named && labels.Meant(label) is null;
        return classOf.TryGetValue(Canonical(label), out int found) ? found : null;
    }

    /// <summary>What to do about a label that the kind does not know.</summary>
    internal string CureFor(string label) =>
        $"is it '{Nearest.Of(label, labels.Synonyms.Keys)}'? Correct it, or say under `classes` which labels make up which class";

    /// <summary>Labels under `classes` that a kind with fixed labels does not have.</summary>
    internal IEnumerable<CorpusProblem> Unknown(string path) =>
        (from label in classOf.Keys
         where named && !labels.Open && labels.Meant(label) is null
         select new CorpusProblem(
             path, $"`classes` names the label '{label}', which this kind of corpus does not have",
             $"is it '{Nearest.Of(label, labels.Synonyms.Keys)}'? The labels are {string.Join(", ", labels.Synonyms.Values.Distinct())}"))
        .Concat(twice.Select(label => new CorpusProblem(path, $"`classes` puts the label '{label}' into two classes, under two of its names", "name it once")));

    /// <summary>Labels under `classes` that no recording has.</summary>
    internal IEnumerable<string> Unused(IEnumerable<string> present)
    {
        var seen = present.Select(Canonical).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return named ? classOf.Keys.Where(label => !seen.Contains(label)) : [];
    }

    // Where an experiment names classes, an open vocabulary means what it says and nothing else.
    private string Canonical(string label) => named && labels.Open ? label : labels.Meant(label) ?? label;
}

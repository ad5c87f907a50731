using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;

namespace Ser.Corpora;

/// <summary>Maps labels to classes: those of the experiment's `classes`, or the paper's four by the corpus's own labels.</summary>
internal sealed class ClassMapping
{
    private readonly LabelVocabulary _labels;
    private readonly bool _explicitClasses;
    private readonly Dictionary<string, int> _classOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _ambiguous = [];

    internal ClassMapping(LabelVocabulary labels, IReadOnlyList<ClassLabels>? classes)
    {
        (_labels, _explicitClasses) = (labels, classes is not null);
        var chosen = classes ?? labels.PaperClasses;
        Names = [.. chosen.Select(choice => choice.Class)];
        for (int i = 0; i < chosen.Count; i++)
        {
            foreach (string label in chosen[i].Labels)
            {
                if (!_classOf.TryAdd(Canonical(label), i) && _classOf[Canonical(label)] != i)
                {
                    _ambiguous.Add(label);
                }
            }
        }
    }

    /// <summary>Class names, in order.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>
    /// The class of a label; null where no class includes it, which is a problem only if the label is <paramref name="unknown"/> as well.
    /// </summary>
    internal int? FindClass(string label, out bool unknown)
    {
        unknown = !_explicitClasses && _labels.Resolve(label) is null;
        return _classOf.TryGetValue(Canonical(label), out int found) ? found : null;
    }

    /// <summary>What to do about a label that this kind of corpus does not have.</summary>
    internal string SuggestFor(string label) =>
        $"did you mean '{Spelling.Nearest(label, _labels.Synonyms.Keys)}'? Correct it, or list under `classes` the labels of each class";

    /// <summary>Problems of `classes`: labels that a kind with fixed labels does not have, and labels in two classes.</summary>
    internal IEnumerable<CorpusProblem> FindProblems(string path) =>
        NotInVocabulary(path).Concat(_ambiguous.Select(label =>
            new CorpusProblem(path, $"`classes` puts the label '{label}' into two classes, by two of its names", "list it in one class")));

    /// <summary>Labels under `classes` that no recording has.</summary>
    internal IEnumerable<string> FindUnused(IEnumerable<string> present)
    {
        var seen = present.Select(Canonical).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _explicitClasses ? _classOf.Keys.Where(label => !seen.Contains(label)) : [];
    }

    private IEnumerable<CorpusProblem> NotInVocabulary(string path) =>
        from label in _classOf.Keys
        where _explicitClasses && !_labels.AllowsOthers && _labels.Resolve(label) is null
        let nearest = Spelling.Nearest(label, _labels.Synonyms.Keys)
        let known = string.Join(", ", _labels.Synonyms.Values.Distinct())
        let what = $"`classes` names the label '{label}', which this kind of corpus does not have"
        select new CorpusProblem(path, what, $"did you mean '{nearest}'? The labels are {known}");

    // Where an experiment defines classes for an open vocabulary, labels are taken literally: synonyms do not apply.
    private string Canonical(string label) => _explicitClasses && _labels.AllowsOthers ? label : _labels.Resolve(label) ?? label;
}

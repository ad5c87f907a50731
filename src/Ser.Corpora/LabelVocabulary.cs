using Ser.Domain.Experiments;

namespace Ser.Corpora;

/// <summary>The labels of a kind of corpus. Each has the corpus's own name and may have synonyms.</summary>
/// <param name="Synonyms">The label that each known spelling stands for; case is ignored.</param>
/// <param name="PaperClasses">The paper's four classes by the kind's own labels.</param>
/// <param name="AllowsOthers">Whether the corpus may have other labels, which `classes` can then name.</param>
internal sealed record LabelVocabulary(
    IReadOnlyDictionary<string, string> Synonyms, IReadOnlyList<ClassLabels> PaperClasses, bool AllowsOthers)
{
    /// <summary>The label that a spelling stands for; null for an unknown spelling.</summary>
    internal string? Resolve(string spelling) => Synonyms.TryGetValue(spelling, out string? label) ? label : null;

    /// <summary>Creates the labels from "label synonym synonym…" lines and from the labels of each of the paper's four classes.</summary>
    internal static LabelVocabulary Create(
        string[] known, string[] angry, string[] happy, string[] sad, string[] neutral, bool allowsOthers = false)
    {
        var synonyms = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string[] spellings in known.Select(line => line.Split(' ')))
        {
            foreach (string spelling in spellings)
            {
                synonyms.Add(spelling, spellings[0]);
            }
        }

        ClassLabels[] paperClasses = [new("angry", angry), new("happy", happy), new("sad", sad), new("neutral", neutral)];
        return new LabelVocabulary(synonyms, paperClasses, allowsOthers);
    }
}

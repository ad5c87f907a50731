using Ser.Domain.Experiments;

namespace Ser.Corpora;

/// <summary>The labels that a kind of corpus knows. A label has a name of the corpus's own and may have synonyms.</summary>
/// <param name="Synonyms">Each known spelling, without regard to case, with the label that it means.</param>
/// <param name="Four">The paper's four classes by the kind's own labels.</param>
/// <param name="Open">Whether the corpus may bring any other label, so that `classes` can name it.</param>
internal sealed record Labels(IReadOnlyDictionary<string, string> Synonyms, IReadOnlyList<ClassLabels> Four, bool Open)
{
    /// <summary>The label that a spelling means, or null where the kind knows none.</summary>
    internal string? Meant(string spelling) => Synonyms.TryGetValue(spelling, out string? label) ? label : null;

    /// <summary>From "label synonym synonym…" lines, with the four classes of the paper in order: angry, happy, sad, neutral.</summary>
    internal static Labels Of(string[] known, string[] angry, string[] happy, string[] sad, string[] neutral, bool open = false)
    {
        var synonyms = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string[] spellings in known.Select(line => line.Split(' ')))
        {
            foreach (string spelling in spellings)
            {
                synonyms.Add(spelling, spellings[0]);
            }
        }

        return new Labels(synonyms, [new("angry", angry), new("happy", happy), new("sad", sad), new("neutral", neutral)], open);
    }
}

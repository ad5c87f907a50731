using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>What is odd about a corpus, but can be lived with.</summary>
internal static class CorpusWarnings
{
    internal static IEnumerable<string> Of(IReadOnlyList<string> classes, IReadOnlyList<Utterance> utterances, IReadOnlyList<Speaker> speakers)
    {
        foreach (var speaker in speakers.Where(speaker => speaker.Counts.Count(count => count > 0) == 1))
        {
            int only = speaker.Counts.ToList().FindIndex(count => count > 0);
            yield return $"speaker {speaker.Name} has one class only, {classes[only]}: the other recalls are left out of the UA of that fold";
        }

        for (int i = 0; utterances.Count > 0 && i < classes.Count; i++)
        {
            if (speakers.All(speaker => speaker.Counts[i] == 0))
            {
                yield return $"class {classes[i]} has no utterances";
            }
        }

        foreach (var speaker in utterances.GroupBy(utterance => utterance.Speaker))
        {
            if (speaker.Select(utterance => utterance.Session).Distinct().Count() > 1)
            {
                yield return $"speaker {speaker.Key} takes part in more than one session, so folds are made as if there were no sessions";
            }
        }

        var same = utterances.GroupBy(utterance => utterance.Sha256).Where(group => group.Count() > 1).ToList();
        if (same.Count > 0)
        {
            string across = same.Any(group => group.Select(utterance => utterance.Speaker).Distinct().Count() > 1) ? ", some of other speakers" : "";
            var first = same[0].Take(2).Select(utterance => utterance.Name);
            yield return $"{same.Sum(group => group.Count() - 1)} recordings are the same to the byte as another one{across} ({string.Join(" and ", first)} for example)";
        }
    }
}

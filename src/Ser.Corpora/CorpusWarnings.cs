using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>Finds oddities of a corpus that do not prevent a run.</summary>
internal static class CorpusWarnings
{
    internal static IEnumerable<string> Find(
        IReadOnlyList<string> classes, IReadOnlyList<Utterance> utterances, IReadOnlyList<Speaker> speakers)
    {
        foreach (var speaker in speakers.Where(speaker => speaker.Counts.Count(count => count > 0) == 1))
        {
            int only = speaker.Counts.ToList().FindIndex(count => count > 0);
            yield return $"speaker {speaker.Name} has one class only, {classes[only]}: "
                + "the UA of its fold leaves out the recalls of the other classes";
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
                yield return $"speaker {speaker.Key} appears in more than one session, so folds ignore sessions";
            }
        }

        var copies = utterances.GroupBy(utterance => utterance.Sha256).Where(group => group.Count() > 1).ToList();
        if (copies.Count > 0)
        {
            bool acrossSpeakers = copies.Any(group => group.DistinctBy(utterance => utterance.Speaker).Count() > 1);
            int count = copies.Sum(group => group.Count() - 1);
            string example = string.Join(" and ", copies[0].Take(2).Select(utterance => utterance.Name));
            string recordings = count == 1 ? "1 recording is" : $"{count} recordings are";
            string across = acrossSpeakers ? ", some across speakers" : "";
            yield return $"{recordings} byte-identical to another one{across} (for example {example})";
        }
    }
}

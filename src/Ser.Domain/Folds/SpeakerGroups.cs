using Ser.Domain.Corpora;

namespace Ser.Domain.Folds;

/// <summary>Puts more speakers than folds into groups of like size and like mixture of classes.</summary>
internal static class SpeakerGroups
{
    /// <summary>
    /// The largest speaker first (ties by name), each into the group whose class counts it balances best: least growth of the squared distance to an even share,
    /// each class measured by its own share. Ties go to the smaller group, then to the earlier. No group is left empty.
    /// </summary>
    /// <returns><paramref name="count"/> groups, ordered by the name of their first speaker; the speakers of a group ordered by name.</returns>
    internal static List<IReadOnlyList<Speaker>> Balanced(IReadOnlyList<Speaker> speakers, int count)
    {
        int classes = speakers[0].Counts.Count;
        double[] share = [.. Enumerable.Range(0, classes).Select(c => (double)speakers.Sum(speaker => speaker.Counts[c]) / count)];
        var groups = Enumerable.Range(0, count).Select(_ => new Group(new int[classes], [])).ToList();
        foreach (var speaker in speakers.OrderByDescending(speaker => speaker.Counts.Sum()).ThenBy(speaker => speaker.Name, StringComparer.Ordinal))
        {
            groups.OrderBy(group => Growth(group, speaker, share)).ThenBy(group => group.Counts.Sum()).ThenBy(group => group.Members.Count).First().Add(speaker);
        }

        return [.. groups
            .Select(group => (IReadOnlyList<Speaker>)[.. group.Members.OrderBy(speaker => speaker.Name, StringComparer.Ordinal)])
            .OrderBy(members => members[0].Name, StringComparer.Ordinal)];
    }

    // Σ over classes of ((g + s - t)² - (g - t)²) / t², with g the group's count, s the speaker's, t the even share.
    private static double Growth(Group group, Speaker speaker, double[] share)
    {
        double growth = 0;
        for (int c = 0; c < share.Length; c++)
        {
            if (share[c] > 0)
            {
                double s = speaker.Counts[c];
                growth += s * (s + (2 * (group.Counts[c] - share[c]))) / (share[c] * share[c]);
            }
        }

        return growth;
    }

    private sealed record Group(int[] Counts, List<Speaker> Members)
    {
        internal void Add(Speaker speaker)
        {
            Members.Add(speaker);
            for (int c = 0; c < Counts.Length; c++)
            {
                Counts[c] += speaker.Counts[c];
            }
        }
    }
}

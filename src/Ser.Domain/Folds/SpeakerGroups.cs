using Ser.Domain.Corpora;

namespace Ser.Domain.Folds;

/// <summary>Groups speakers, if there are more speakers than folds, into groups of similar size and class distribution.</summary>
internal static class SpeakerGroups
{
    /// <summary>
    /// Assigns the speakers, largest first (ties by name), to the group whose class counts they balance best: the one with the least growth
    /// of the squared distance to an even share, relative to each class's share. Ties go to the smaller group, then to the earlier one.
    /// No group is left empty.
    /// </summary>
    /// <returns>
    /// <paramref name="count"/> groups, ordered by the name of their first speaker. The speakers of a group are ordered by name.
    /// </returns>
    internal static List<IReadOnlyList<Speaker>> Balanced(IReadOnlyList<Speaker> speakers, int count)
    {
        int classes = speakers[0].Counts.Count;
        double[] share = [.. Enumerable.Range(0, classes).Select(c => (double)speakers.Sum(speaker => speaker.Counts[c]) / count)];
        var groups = Enumerable.Range(0, count).Select(_ => new Group(new int[classes], [])).ToList();
        var largestFirst = speakers
            .OrderByDescending(speaker => speaker.Counts.Sum())
            .ThenBy(speaker => speaker.Name, StringComparer.Ordinal);
        foreach (var speaker in largestFirst)
        {
            var byGrowth = groups.OrderBy(group => Growth(group, speaker, share));
            var best = byGrowth.ThenBy(group => group.Size).ThenBy(group => group.Members.Count).First();
            best.Add(speaker);
        }

        return [.. groups.Select(group => group.MembersByName()).OrderBy(members => members[0].Name, StringComparer.Ordinal)];
    }

    // Σ over classes of ((g + s - t)² - (g - t)²) / t², with g the group's count, s the speaker's count and t the even share.
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
        internal int Size => Counts.Sum();

        internal IReadOnlyList<Speaker> MembersByName() => [.. Members.OrderBy(speaker => speaker.Name, StringComparer.Ordinal)];

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

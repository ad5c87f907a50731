namespace Ser.Domain;

/// <summary>The known word that is nearest to one that is not known, for messages that say what would be right.</summary>
public static class Nearest
{
    /// <summary>The candidate with the smallest Levenshtein distance, upper and lower case alike; the earlier on a tie; null without candidates.</summary>
    public static string? Of(string word, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(word, candidate));

    /// <summary>Insertions, deletions and substitutions that turn one word into the other, upper and lower case alike.</summary>
    public static int Distance(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

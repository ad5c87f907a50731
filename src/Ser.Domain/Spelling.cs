namespace Ser.Domain;

/// <summary>Finds the known word that is most similar to a misspelled one, for error messages.</summary>
public static class Spelling
{
    /// <summary>
    /// Returns the candidate with the smallest Levenshtein distance, ignoring case; the first one on a tie; null if there are no
    /// candidates.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int shortest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            // The distance is at least the difference of the lengths, which is much cheaper to compute.
            if (Math.Abs(candidate.Length - word.Length) < shortest && Distance(word, candidate) is var distance && distance < shortest)
            {
                (nearest, shortest) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>Returns the number of insertions, deletions and substitutions that turn one word into the other, ignoring case.</summary>
    public static int Distance(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        int[] row = new int[b.Length + 1];
        for (int j = 1; j <= b.Length; j++)
        {
            row[j] = j;
        }

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

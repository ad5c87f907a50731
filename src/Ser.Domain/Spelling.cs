namespace Ser.Domain;

/// <summary>Finds the known word that is most similar to a misspelled one, for error messages.</summary>
public static class Spelling
{
    /// <summary>
    /// Returns the candidate with the smallest Levenshtein distance, ignoring case; the first one on a tie; null if there are no
    /// candidates.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(word, candidate));

    /// <summary>Returns the number of insertions, deletions and substitutions that turn one word into the other, ignoring case.</summary>
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

namespace Ser.Learning.Projection;

/// <summary>Finds neighbours of a row from its distances to all rows. Of equal distances the lower row index comes first.</summary>
internal static class NearestRows
{
    /// <summary>The k nearest other rows, nearest first.</summary>
    internal static int[] Find(double[] distances, int self, int k)
    {
        int[] near = new int[k];
        int count = 0;
        for (int j = 0; j < distances.Length; j++)
        {
            if (j == self || (count == k && distances[j] >= distances[near[k - 1]]))
            {
                continue;
            }

            int slot = count < k ? count++ : k - 1;
            for (; slot > 0 && distances[near[slot - 1]] > distances[j]; slot--)
            {
                near[slot] = near[slot - 1];
            }

            near[slot] = j;
        }

        return near;
    }

    /// <summary>Rank of row <paramref name="other"/> among all rows but <paramref name="self"/>, from 1.</summary>
    internal static int Rank(double[] distances, int self, int other)
    {
        int rank = 1;
        double limit = distances[other];
        for (int j = 0; j < distances.Length; j++)
        {
            rank += j != self && (distances[j] < limit || (distances[j] == limit && j < other)) ? 1 : 0;
        }

        return rank;
    }
}

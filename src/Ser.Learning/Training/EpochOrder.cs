using Ser.Domain.Randomness;

namespace Ser.Learning.Training;

/// <summary>
/// The batches of one epoch. They depend only on (seed, epoch) and hold utterances of similar length, so that there is little padding.
/// </summary>
public static class EpochOrder
{
    private const int PoolBatches = 8;

    /// <summary>Creates the batches, as positions in <paramref name="lengths"/>.</summary>
    /// <param name="lengths">Length of each utterance in samples.</param>
    /// <param name="batch">Utterances per batch; one batch may have fewer.</param>
    /// <param name="seed">Seed of the arm.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public static IReadOnlyList<int[]> CreateBatches(IReadOnlyList<int> lengths, int batch, long seed, int epoch)
    {
        var random = new RandomStream(seed, epoch, -1, "order");
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle<int>(order);

        // Sorts by length within random pools only. Sorting the whole corpus would give batches of a single class where length depends on
        // the class.
        int[][] batches = [.. order.Chunk(PoolBatches * batch).SelectMany(SortedBatches)];
        random.Shuffle<int[]>(batches);
        return batches;

        IEnumerable<int[]> SortedBatches(int[] pool) => pool.OrderBy(position => lengths[position]).Chunk(batch);
    }
}

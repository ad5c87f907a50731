using Ser.Domain.Randomness;

namespace Ser.Learning.Training;

/// <summary>The batches of one epoch: drawn by (seed, epoch) alone, from neighbours in length so that padding stays small.</summary>
public static class EpochOrder
{
    private const int PoolBatches = 8;

    /// <summary>Positions into <paramref name="lengths"/>, batch by batch.</summary>
    /// <param name="lengths">Samples of each utterance.</param>
    /// <param name="batch">Utterances a batch; the last may have fewer.</param>
    /// <param name="seed">Of the arm.</param>
    /// <param name="epoch">From 1.</param>
    public static IReadOnlyList<int[]> Of(IReadOnlyList<int> lengths, int batch, long seed, int epoch)
    {
        var draw = new Draw(seed, epoch, -1, "order");
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        draw.Shuffle<int>(order);

        // Sorted within pools alone: a corpus sorted as a whole would give batches of one class where length tells the class.
        var batches = order.Chunk(PoolBatches * batch).SelectMany(pool => pool.OrderBy(position => lengths[position]).Chunk(batch)).ToArray();
        draw.Shuffle<int[]>(batches);
        return batches;
    }
}

using Ser.Learning.Training;

namespace Ser.Learning.Tests.Training;

public class EpochOrderTests
{
    [Fact]
    public void Every_utterance_comes_once_and_epochs_differ()
    {
        int[] lengths = [.. Enumerable.Range(0, 101).Select(i => 1000 + (i * 37 % 500))];
        var first = EpochOrder.CreateBatches(lengths, 12, seed: 1, epoch: 1);
        Assert.Equal(Enumerable.Range(0, 101), first.SelectMany(batch => batch).Order());
        Assert.Equal(first, EpochOrder.CreateBatches(lengths, 12, 1, 1));
        Assert.NotEqual(first, EpochOrder.CreateBatches(lengths, 12, 1, 2));
        Assert.NotEqual(first, EpochOrder.CreateBatches(lengths, 12, 2, 1));
    }

    [Fact]
    public void Batches_are_neighbours_in_length()
    {
        int[] lengths = [.. Enumerable.Range(0, 960).Select(i => 16000 + (i * 7919 % 104_000))];
        double Padding(IEnumerable<int[]> batches) => batches.Sum(batch => batch.Max(i => lengths[i]) - batch.Average(i => lengths[i]));
        Assert.True(Padding(EpochOrder.CreateBatches(lengths, 12, 1, 1)) < 0.3 * Padding(Enumerable.Range(0, 960).Chunk(12)));
    }
}

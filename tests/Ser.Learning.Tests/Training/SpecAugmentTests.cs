using Ser.Domain.Randomness;
using Ser.Learning.Training;

namespace Ser.Learning.Tests.Training;

public sealed class SpecAugmentTests
{
    [Fact]
    public void Spans_are_whole_and_their_count_has_the_right_mean()
    {
        double frames = 0;
        for (int i = 0; i < 2000; i++)
        {
            bool[] masked = SpecAugment.DrawSpans(374, 0.08, 15, new RandomStream(1, 1, i, "masking"));
            frames += masked.Count(value => value);
            foreach (int run in Runs(masked))
            {
                Assert.True(run >= 15);
            }
        }

        // 374 · 0.08 / 15 = 1.995 spans, a little less in frames where two overlap.
        Assert.InRange(frames / 2000, 27.5, 29.92);
    }

    [Fact]
    public void A_row_shorter_than_a_span_is_left_alone()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.DoesNotContain(true, SpecAugment.DrawSpans(14, 1, 15, new RandomStream(1, 1, i, "masking")));
        }
    }

    [Fact]
    public void Masked_frames_become_the_mask_vector_and_masked_channels_zero()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var x = TorchSharp.torch.ones(1, 3, 2);
        var time = TorchSharp.torch.tensor(new float[] { 1, 0, 1 }, [1, 3, 1]);
        var channels = TorchSharp.torch.tensor(new float[] { 1, 0 }, [1, 1, 2]);
        var masked = SpecAugment.Apply(x, time, channels, TorchSharp.torch.tensor(new float[] { 7, 8 }));
        Assert.Equal([1, 0, 7, 0, 1, 0], masked.data<float>().ToArray());
    }

    private static IEnumerable<int> Runs(bool[] masked)
    {
        int run = 0;
        foreach (bool value in masked.Append(false))
        {
            if (!value && run > 0)
            {
                yield return run;
            }

            run = value ? run + 1 : 0;
        }
    }
}

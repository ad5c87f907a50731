using Ser.Learning.Encoder;

namespace Ser.Learning.Tests.Encoder;

public sealed class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Drops_the_configured_share_and_keeps_the_mean(double p)
    {
        float[] mask = Filled(1_000_003, p, key: 5);

        double dropped = mask.Count(value => value == 0) / (double)mask.Length;
        Assert.InRange(dropped, p - 0.002, p + 0.002); // five standard errors
        Assert.All(mask, value => Assert.True(value == 0 || Math.Abs(value - (1 / (1 - p))) < 1e-4));
        Assert.InRange(mask.Average(), 0.995, 1.005);
    }

    [Fact]
    public void Element_i_depends_on_key_and_i_alone()
    {
        float[] whole = Filled(4099, 0.3, key: 7);
        foreach (int length in (int[])[1, 3, 15, 16, 17, 31, 1000, 4098])
        {
            Assert.Equal(whole[..length], Filled(length, 0.3, key: 7));
        }

        Assert.NotEqual(whole, Filled(4099, 0.3, key: 8));
    }

    // These numbers must stay: what a seed trains must not depend on the processor.
    [Fact]
    public void The_bits_of_a_key_are_those_of_every_other_machine() => Assert.Equal(
        "1111111111111111111101011111101111011111",
        string.Concat(Filled(40, 0.1, key: 1).Select(value => value == 0 ? '0' : '1')));

    [Fact]
    public void Neighbouring_elements_and_keys_are_independent()
    {
        bool[] a = Array.ConvertAll(Filled(200_000, 0.5, key: 1), value => value == 0);
        bool[] b = Array.ConvertAll(Filled(200_000, 0.5, key: 2), value => value == 0);
        foreach (int apart in (int[])[1, 2, 4, 16])
        {
            int equal = Enumerable.Range(apart, a.Length - apart).Count(i => a[i] == a[i - apart]);
            Assert.InRange(equal / (double)(a.Length - apart), 0.494, 0.506);
        }

        Assert.InRange(a.Zip(b).Count(pair => pair.First == pair.Second) / (double)a.Length, 0.494, 0.506);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Bfloat16_keeps_the_mean_at_one(double p)
    {
        float[] mask = FilledBFloat16(4_000_001, p, key: 5);
        Assert.InRange(mask.Average(), 0.9985, 1.0015); // over four standard errors; a mask of 0.1 with 1/0.9 rounded is off by 1.6e-3
        Assert.Equal(2, mask.Distinct().Count());
        Assert.InRange(mask.Count(value => value == 0) / (double)mask.Length, p - 0.003, p + 0.003);
    }

    [Fact]
    public void A_part_of_a_mask_is_that_part()
    {
        float[] whole = Filled(4099, 0.3, key: 7), wholeBFloat16 = FilledBFloat16(4099, 0.3, key: 7);
        foreach (int first in (int[])[1, 3, 4, 16, 30, 4080, 4098])
        {
            Assert.Equal(whole[first..], Filled(4099 - first, 0.3, key: 7, first));
            Assert.Equal(wholeBFloat16[first..], FilledBFloat16(4099 - first, 0.3, key: 7, first));
        }
    }

    private static float[] FilledBFloat16(int length, double p, ulong key, long first = 0)
    {
        var mask = new ushort[length];
        DropoutMask.FillBFloat16(mask, p, key, first);
        return Array.ConvertAll(mask, bits => BitConverter.Int32BitsToSingle(bits << 16));
    }

    private static float[] Filled(int length, double p, ulong key, long first = 0)
    {
        var mask = new float[length];
        DropoutMask.Fill(mask, p, key, first);
        return mask;
    }
}

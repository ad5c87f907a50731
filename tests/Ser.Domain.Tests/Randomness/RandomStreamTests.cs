using Ser.Domain.Randomness;

namespace Ser.Domain.Tests.Randomness;

public sealed class DrawTests
{
    [Fact]
    public void Stream_equals_one_computed_elsewhere_from_the_definition()
    {
        var draw = new RandomStream(1, 2, 3, "augmentation");
        ulong[] drawn = [draw.NextUInt64(), draw.NextUInt64(), draw.NextUInt64()];
        Assert.Equal([15371525297429124198UL, 6528130992633900105UL, 4407877115163283737UL], drawn);
        Assert.Equal(-0.6847716721691893, draw.NextNormal(), 1e-15);
    }

    [Fact]
    public void Each_part_of_the_key_and_its_place_matter()
    {
        (long S, long E, long U, string P)[] keys =
        [
            (1, 2, 3, "a"),
            (2, 1, 3, "a"),
            (1, 3, 2, "a"),
            (3, 2, 1, "a"),
            (1, 2, 3, "b"),
            (0, 0, 0, ""),
            (1, 2, -1, "a"),
        ];
        Assert.Equal(keys.Length, keys.Select(key => new RandomStream(key.S, key.E, key.U, key.P).NextUInt64()).Distinct().Count());
        Assert.Equal(new RandomStream(5, 6, 7, "x").NextUInt64(), new RandomStream(5, 6, 7, "x").NextUInt64());
    }

    [Fact]
    public void First_draws_of_neighbouring_utterances_are_spread_evenly()
    {
        var bins = new int[16];
        for (int utterance = 0; utterance < 16_000; utterance++)
        {
            bins[(int)(16 * new RandomStream(1, 0, utterance, "augmentation").NextDouble())]++;
        }

        double chiSquare = bins.Sum(n => (n - 1000.0) * (n - 1000.0) / 1000);
        Assert.InRange(chiSquare, 2, 40);
    }

    [Fact]
    public void Uniform_and_normal_have_their_moments()
    {
        var draw = new RandomStream(1, 0, 0, "moments");
        double[] uniform = [.. Enumerable.Range(0, 100_000).Select(_ => draw.NextUniform(-1, 3))];
        double[] normal = [.. Enumerable.Range(0, 100_000).Select(_ => draw.NextNormal())];

        Assert.InRange(uniform.Min(), -1, -0.99);
        Assert.InRange(uniform.Max(), 2.99, 3);
        Assert.Equal(1, uniform.Average(), 0.02);
        Assert.Equal(0, normal.Average(), 0.02);
        Assert.Equal(1, normal.Average(x => x * x), 0.02);
        Assert.Equal(3, normal.Average(x => x * x * x * x), 0.1);
    }

    [Fact]
    public void Integers_are_even_and_a_shuffle_keeps_every_item()
    {
        var draw = new RandomStream(1, 0, 0, "integers");
        var counts = new int[6];
        for (int i = 0; i < 60_000; i++)
        {
            counts[draw.NextInt(6)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));

        var firsts = new int[5];
        for (int i = 0; i < 10_000; i++)
        {
            int[] items = [0, 1, 2, 3, 4];
            draw.Shuffle<int>(items);
            firsts[items[0]]++;
            Assert.Equal([0, 1, 2, 3, 4], items.Order());
        }

        Assert.All(firsts, count => Assert.InRange(count, 1_800, 2_200));
        Assert.Throws<ArgumentOutOfRangeException>(() => draw.NextInt(0));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0.001)]
    [InlineData(0.999999)]
    [InlineData(1.5)]
    [InlineData(12345.678)]
    public void Exact_functions_agree_with_the_library(double x)
    {
        Assert.Equal(Math.Log(x), PortableMath.Log(x), 1e-13 * Math.Max(1, Math.Abs(Math.Log(x))));
        Assert.Equal(Math.Exp(-x % 20), PortableMath.Exp(-x % 20), 1e-13);
        Assert.Equal(Math.Cos(2 * Math.PI * (x % 1)), PortableMath.CosTurns(x), 1e-11);
        Assert.Equal(Math.Sin(2 * Math.PI * (x % 1)), PortableMath.SinTurns(x), 1e-11);
    }
}

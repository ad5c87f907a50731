namespace Ser.Audio.Tests;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(44101)]
    [InlineData(11025)]
    [InlineData(16000)]
    [InlineData(7)]
    [InlineData(9_999_991)]
    public void Any_rate_gives_the_length_that_the_duration_asks_for(int rate)
    {
        var tone = new float[Math.Min(rate, 30_000)];
        for (int i = 0; i < tone.Length; i++)
        {
            tone[i] = (float)Math.Sin(2 * Math.PI * 440 * i / rate);
        }

        float[] y = Resampler.Resample<float>(tone, rate, 16_000);
        Assert.Equal(((16_000L * tone.Length) + rate - 1) / rate, y.Length);
        Assert.All(y, v => Assert.InRange(v, -1.3f, 1.3f));
    }

    [Fact]
    public void Tone_below_both_limits_keeps_its_wave_at_any_rate()
    {
        const int Rate = 44_101;
        double[] tone = [.. Enumerable.Range(0, Rate).Select(i => Math.Sin(2 * Math.PI * 440 * i / Rate))];
        double[] y = Resampler.Resample<double>(tone, Rate, 16_000);
        for (int i = 100; i < y.Length - 100; i++)
        {
            Assert.Equal(Math.Sin(2 * Math.PI * 440 * i / 16_000), y[i], 2e-3);
        }
    }

    [Fact]
    public void First_samples_alone_are_the_first_of_all()
    {
        float[] x = [.. Enumerable.Range(0, 5000).Select(i => (float)Math.Cos(i * i * 1e-4))];
        float[] all = Resampler.Resample<float>(x, 44_100, 16_000);
        Assert.Equal(all[..777], Resampler.Resample<float>(x, 44_100, 16_000, maxFrames: 777));
        Assert.Equal(all, new Resampler(44_100, 16_000).Apply<float>(x));
    }
}

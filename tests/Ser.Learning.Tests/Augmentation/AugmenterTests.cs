using System.Runtime.InteropServices;
using Ser.Audio;
using Ser.Domain.Randomness;
using Ser.Learning.Augmentation;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Augmentation;

public sealed class AugmenterTests
{
    private static readonly float[] Tone = [.. Enumerable.Range(0, 12_000).Select(i => (float)Math.Sin(0.1 * i))];

    public static TheoryData<string> Names => [.. Augmenter.Names, "noise+shift"];

    [Theory]
    [MemberData(nameof(Names))]
    public void View_depends_on_its_key_alone_and_keeps_length_and_source(string augmentation)
    {
        float[] before = [.. Tone];
        float[] once = Augmenter.Apply(augmentation, Tone, new RandomStream(1, 2, 3, "augmentation"));
        float[] again = Augmenter.Apply(augmentation, Tone, new RandomStream(1, 2, 3, "augmentation"));
        float[] other = Augmenter.Apply(augmentation, Tone, new RandomStream(1, 3, 3, "augmentation"));

        Assert.Equal(before, Tone);
        Assert.Equal(once, again);
        Assert.Equal(Tone.Length, once.Length);
        Assert.True(Array.TrueForAll(once, float.IsFinite));
        Assert.Equal(augmentation == "none", once.SequenceEqual(other));
        Assert.Equal(augmentation == "none", once.SequenceEqual(Tone));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Very_short_and_silent_signals_stay_finite(int length)
    {
        foreach (string name in Augmenter.Names)
        {
            float[] y = Augmenter.Apply(name, new float[length], new RandomStream(1, 0, length, name));
            Assert.Equal(length, y.Length);
            Assert.True(Array.TrueForAll(y, float.IsFinite), name);
        }
    }

    [Fact]
    public void Unknown_augmentation_lists_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Augmenter.Apply("nois", Tone, new RandomStream(1, 0, 0, "a")));
        Assert.Contains("nois", error.Message);
        Assert.Contains("reverberation", error.Message);
    }

    [Fact]
    public void Noise_lies_between_5_and_20_dB_and_is_white_or_pink()
    {
        int pink = 0;
        for (int utterance = 0; utterance < 60; utterance++)
        {
            float[] y = Augmenter.Apply("noise", Tone, new RandomStream(1, 0, utterance, "augmentation"));
            double[] noise = [.. y.Zip(Tone, (a, b) => (double)a - b)];
            double energy = noise.Sum(n => n * n);
            Assert.InRange(10 * Math.Log10(Tone.Sum(x => (double)x * x) / energy), 4.99, 20.01);
            pink += noise.Zip(noise.Skip(1), (a, b) => a * b).Sum() / energy > 0.5 ? 1 : 0;
        }

        Assert.InRange(pink, 15, 45);
    }

    [Fact]
    public void Volume_moves_smoothly_within_10_dB()
    {
        double[] decibels = Volume.Envelope(40_000, new RandomStream(1, 0, 0, "augmentation"));
        Assert.All(decibels, level => Assert.InRange(level, -10, 10));
        Assert.True(decibels.Max() - decibels.Min() > 3);
        Assert.True(decibels.Zip(decibels.Skip(1), (a, b) => Math.Abs(a - b)).Max() < 0.01);
    }

    [Fact]
    public void Response_has_fallen_by_60_dB_at_T60()
    {
        double[] response = Reverberation.Response(0.5, new RandomStream(1, 0, 0, "augmentation"));
        Assert.Equal(8_000, response.Length);
        double head = response[..800].Sum(h => h * h), tail = response[^800..].Sum(h => h * h);
        Assert.Equal(54, 10 * Math.Log10(head / tail), 2.0); // 60 dB · 0.45 s / 0.5 s
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 7)]
    [InlineData(7, 50)]
    [InlineData(1000, 64)]
    public void Convolution_equals_its_definition(int samples, int taps)
    {
        double[] x = Noise.White(samples, new RandomStream(1, 0, 0, "x")), h = Noise.White(taps, new RandomStream(1, 0, 0, "h"));
        double Sum(int i) => Enumerable.Range(0, Math.Min(taps, i + 1)).Sum(k => h[k] * x[i - k]);
        double[] expected = [.. Enumerable.Range(0, samples).Select(Sum)];
        double[] y = Reverberation.Convolve(x, h);
        Assert.All(expected.Zip(y), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
    }

    [Fact]
    public void Shift_moves_without_wrapping()
    {
        Assert.Equal([0, 0, 1, 2], Augmenter.Shift([1, 2, 3, 4], 2));
        Assert.Equal([4, 0, 0, 0], Augmenter.Shift([1, 2, 3, 4], -3));
        Assert.Equal([0, 0], Augmenter.Shift([1, 2], 5));
    }

    [Fact]
    public void Recorded_noise_takes_the_place_of_synthetic_noise()
    {
        using var wav = new WavBytes();
        short[] square = [.. Enumerable.Range(0, 640).Select(i => (short)(i % 2 == 0 ? 8000 : -8000))];
        wav.File("hum.wav", WavBytes.Wav(1, 16, 1, 16_000, MemoryMarshal.AsBytes<short>(square).ToArray()));
        var files = AugmentationFiles.Load(AugmentationFiles.ListRecordings(wav.Folder), []);

        float[] y = Augmenter.Apply("noise", Tone, new RandomStream(1, 0, 0, "augmentation"), files);
        double[] noise = [.. y.Zip(Tone, (a, b) => Math.Abs((double)a - b))];
        Assert.Equal(noise.Min(), noise.Max(), 1e-5);
        Assert.Throws<AudioException>(() => AugmentationFiles.ListRecordings(Path.Combine(wav.Folder, "absent")));
    }
}

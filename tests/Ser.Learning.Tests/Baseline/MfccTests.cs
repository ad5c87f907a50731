using Ser.Checkpoints;
using Ser.Learning.Baseline;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Baseline;

public sealed class MfccTests : IDisposable
{
    private const double Tolerance = 1e-8;

    // Computed with torchaudio, scipy and numpy: see mfcc.json. The full set that SER_ORACLE names lacks it, so this copy is always read.
    private readonly SafeTensors _reference =
        SafeTensors.Read(Path.Combine(Oracle.Shipped, "11_mfcc", "mfcc.safetensors"));

    public void Dispose() => _reference.Dispose();

    [Fact]
    [Trait("Category", Oracle.Category)]
    public void Coefficients_are_torchaudios()
    {
        var (cepstra, power) = Mfcc.Compute(_reference.Floats("waveform"));
        Assert.Equal(_reference.Entries["mfcc"].Shape, new long[] { cepstra.Length, Mfcc.Coefficients });
        Assert.InRange(Oracle.MaxAbs([.. cepstra.SelectMany(frame => frame)], _reference.Doubles("mfcc")), 0, Tolerance);
        Assert.InRange(Oracle.MaxAbs(power, _reference.Doubles("power")), 0, Tolerance);
    }

    [Fact]
    [Trait("Category", Oracle.Category)]
    public void Differences_are_slopes_of_regression_lines()
    {
        var (cepstra, _) = Mfcc.Compute(_reference.Floats("waveform"));
        double[] differences = [.. SpeechStatistics.Differences(cepstra).SelectMany(frame => frame)];
        Assert.InRange(Oracle.MaxAbs(differences, _reference.Doubles("delta")), 0, Tolerance);
    }

    [Fact]
    [Trait("Category", Oracle.Category)]
    public void Statistics_are_numpys_over_the_frames_that_are_not_silent() =>
        Assert.InRange(Oracle.MaxAbs(SpeechStatistics.Compute(_reference.Floats("waveform")), _reference.Doubles("statistics")),
            0, Tolerance);

    [Fact]
    public void Silence_at_the_end_counts_only_where_differences_reach_into_it()
    {
        float[] waveform = _reference.Floats("waveform")[..7000];
        double[] plain = SpeechStatistics.Compute(waveform), padded = SpeechStatistics.Compute([.. waveform, .. new float[16000]]);
        Assert.True(Mfcc.Compute([.. waveform, .. new float[16000]]).Power[^1] == 0);

        // At most two frames more than 42 count, those that hold the end of the signal. They move a percentile a little;
        // a second of silence would move it by tens.
        Assert.InRange(Oracle.MaxAbs(plain, padded), 0, 6);
        Assert.True(Math.Abs(plain[0] - Mean(padded)) < Math.Abs(plain[0]) / 4);

        static double Mean(double[] statistics) => statistics[0];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(399)]
    [InlineData(400)]
    [InlineData(559)]
    public void A_waveform_shorter_than_two_frames_is_one_frame(int samples)
    {
        double[] statistics = SpeechStatistics.Compute(_reference.Floats("waveform")[..samples]);
        Assert.Equal(SpeechStatistics.Width, statistics.Length);
        Assert.All(statistics, value => Assert.True(double.IsFinite(value)));
        Assert.Single(Mfcc.Compute(_reference.Floats("waveform")[..samples]).Cepstra);
        Assert.All(statistics[60..120], deviation => Assert.Equal(0, deviation));
    }

    [Fact]
    public void Digital_silence_is_finite() =>
        Assert.All(SpeechStatistics.Compute(new float[8000]), value => Assert.True(double.IsFinite(value)));
}

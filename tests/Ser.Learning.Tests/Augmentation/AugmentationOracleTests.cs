using System.Text.RegularExpressions;
using Ser.Checkpoints;
using Ser.Learning.Augmentation;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Augmentation;

[Trait("Category", Oracle.Category)]
public sealed partial class AugmentationOracleTests
{
    private readonly SafeTensors _vectors = Oracle.Tensors("09_augment/augment.safetensors");

    [Fact]
    public void Noise_at_every_ratio() => Every(NoiseName(), "noise/gain f64", match =>
    {
        double[] noise = _vectors.Doubles(match.Groups["tiled"].Success ? "noise.short_noise" : "noise");
        return Noise.Add(Voice, noise, double.Parse(match.Groups["snr"].Value));
    });

    [Fact]
    public void Gain_at_every_level() => Every(GainName(), "noise/gain f64", match =>
        Volume.Gain(Voice, double.Parse(match.Groups["db"].Value)));

    [Fact]
    public void Reverberation_by_the_response() => Every(ReverbName(), "reverb f64", _ =>
        Reverberation.Apply(Voice, _vectors.Doubles("rir")));

    [Fact]
    public void Pitch_at_every_step() => Every(PitchName(), "pitch (same algorithm, f64)", match =>
        Pitch.Shift(_vectors.Doubles(match.Groups["signal"].Value), double.Parse(match.Groups["steps"].Value)));

    private double[] Voice => _vectors.Doubles("voice");

    private void Every(Regex name, string toleranceName, Func<Match, double[]> compute)
    {
        var tolerances = Oracle.Json("09_augment/augment.json").GetProperty("recommended_tolerance");
        double tolerance = tolerances.GetProperty(toleranceName).GetDouble();
        var cases = _vectors.Entries.Keys.Select(key => name.Match(key)).Where(match => match.Success).ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, match => Assert.InRange(Oracle.MaxAbs(_vectors.Doubles(match.Value), compute(match)), 0, tolerance));
    }

    [GeneratedRegex(@"^noise\.(?<tiled>short_noise_tiled_)?snr(?<snr>-?\d+(\.\d+)?)_f64$")]
    private static partial Regex NoiseName();

    [GeneratedRegex(@"^gain\.(?<db>[-+]?\d+(\.\d+)?)dB_f64$")]
    private static partial Regex GainName();

    [GeneratedRegex(@"^reverb\.l2\.same_length_f64$")]
    private static partial Regex ReverbName();

    [GeneratedRegex(@"^pitch\.(?<signal>\w+)\.(?<steps>[-+]?\d+(\.\d+)?)_f64$")]
    private static partial Regex PitchName();
}

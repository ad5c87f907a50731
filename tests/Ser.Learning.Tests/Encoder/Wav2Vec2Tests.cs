using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Encoder;

public class Wav2Vec2Tests
{
    [Trait("Category", Oracle.Category)]
    [Theory]
    [InlineData("w2v_even", "f32")]
    [InlineData("w2v_even", "f64")]
    [InlineData("w2v_odd", "f32")]
    [InlineData("w2v_odd", "f64")]
    public void Every_intermediate_value_is_the_references(string file, string precision)
    {
        var json = Oracle.Json($"01_w2v_tiny/{file}.json");
        var vectors = Oracle.Tensors($"01_w2v_tiny/{file}.safetensors");
        double tolerance = json.GetProperty("recommended_tolerance").GetProperty(precision + "_abs").GetDouble();
        var type = precision == "f32" ? ScalarType.Float32 : ScalarType.Float64;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = TinyModels.Config(json);
        var seen = new Dictionary<string, Tensor>();
        var model = TinyModels.Build(config, vectors, "param.", type, (name, value) => seen[name] = value);
        var waves = tensor(vectors.Floats("waveforms"), vectors.Entries["waveforms"].Shape).to(type);
        long[] lengths = vectors.Longs("lengths");
        var cases = new List<(string Name, Tensor Waves, long[]? Frames)>
        {
            ("nolen", waves, null),
            ("len", waves, [.. lengths.Select(config.Frames)]),
        };
        cases.AddRange(lengths.Select((length, row) => ($"single{row}", waves[row..(row + 1), ..(int)length], (long[]?)null)));

        int compared = 0;
        foreach (var (name, batch, frames) in cases)
        {
            seen.Clear();
            var features = model.Convolve(batch);
            var output = model.Contextualize(features, frames);
            seen["conv_features"] = features;
            seen["out"] = output;
            seen["pooled_valid"] = Wav2Vec2.Pool(output, frames);
            seen["conv0"] = seen["conv0"][.., .., ..(int)Math.Min(200, seen["conv0"].shape[2])];
            foreach (var (value, got) in seen)
            {
                string key = $"{precision}.{name}.{value}";
                if (vectors.Entries.TryGetValue(key, out var entry))
                {
                    Assert.Equal(entry.Shape, got.shape);
                    double worst = Oracle.MaxAbs(TinyModels.Values(got), vectors.Doubles(key));
                    Assert.True(worst <= tolerance, $"{key}: {worst} > {tolerance}");
                    compared++;
                }
            }
        }

        Assert.True(compared >= 10, $"only {compared} values were compared");
    }

    [Trait("Category", Oracle.Category)]
    [Fact]
    public void Frames_are_counted_as_the_references_count_them()
    {
        var json = Oracle.Json("01_w2v_tiny/w2v_even.json");
        var lengths = Oracle.Tensors("01_w2v_tiny/w2v_even.safetensors").Longs("lengths");
        var expected = json.GetProperty("out_lengths").EnumerateArray().Select(n => n.GetInt64());
        Assert.Equal(expected, lengths.Select(TinyModels.Config(json).Frames));
    }

    [Fact]
    public void Padding_leaves_the_unpadded_rows_of_a_frozen_batch_alone()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = EncoderConfig.Preset("tiny");
        var model = new Wav2Vec2(config, Initialization.CreateParameters(config, 3));
        var features = rand(2, 30, config.FeatureChannels);
        var alone = Wav2Vec2.Pool(model.Contextualize(features[1..2, ..20]));
        var padded = Wav2Vec2.Pool(model.Contextualize(features, [30, 20]), [30, 20]);
        Assert.True((alone[0] - padded[1]).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void A_preset_of_one_seed_is_one_preset()
    {
        var config = EncoderConfig.Preset("tiny");
        using var a = Initialization.CreateParameters(config, 7);
        using var b = Initialization.CreateParameters(config, 7);
        using var c = Initialization.CreateParameters(config, 8);
        Assert.All(a.Names, name => Assert.Equal(TinyModels.Values(a[name]), TinyModels.Values(b[name])));
        const string Projection = "feature_projection.projection.weight";
        Assert.NotEqual(TinyModels.Values(a[Projection]), TinyModels.Values(c[Projection]));
    }

    [Fact]
    public void Large_normalises_before_each_block_and_after_the_last()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = EncoderConfig.Preset("tiny") with { NormFirst = true, ConvolutionLayerNorm = true, ConvolutionBias = true };
        var model = new Wav2Vec2(config, Initialization.CreateParameters(config, 3));
        var output = model.Contextualize(model.Convolve(randn(1, 8000)));
        Assert.True(output.mean([2L]).abs().max().item<float>() < 1e-5);
        Assert.True((output.var(2, false) - ones(1)).abs().max().item<float>() < 1e-2);
    }
}

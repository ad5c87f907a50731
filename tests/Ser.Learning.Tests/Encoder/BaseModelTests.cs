using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Encoder;

/// <summary>The full-size base model with weights from a closed formula, so that no large file is needed for them.</summary>
public class BaseModelTests
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    [Trait("Category", Oracle.Category)]
    [Fact]
    public void Base_agrees_with_the_reference_at_full_size()
    {
        var vectors = Oracle.Tensors("02_w2v_base/base.safetensors");
        var json = Oracle.Json("02_w2v_base/base.json");
        ulong seed = Convert.ToUInt64(json.GetProperty("hash_seed_hex").GetString()![2..], 16);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = EncoderConfig.Preset("base");
        var shapes = ParameterShapes.ForConfig(config).ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        var parameters = new ParameterSet();
        foreach (var parameter in json.GetProperty("params").EnumerateArray())
        {
            string name = parameter.GetProperty("hf_name").GetString()!;
            long[] shape = [.. parameter.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
            Assert.Equal(shapes[name], shape);
            parameters.Add(name, tensor(Formula(parameter, seed), shape));
            shapes.Remove(name);
        }

        Assert.Empty(shapes);
        var model = new Wav2Vec2(config, parameters);
        var waves = json.GetProperty("waves").EnumerateArray().ToList();
        Tensor Wave(int row, int samples) => tensor(WaveFormula(waves[row], samples, seed)).unsqueeze(0);
        long[] lengths = [.. json.GetProperty("masked_case").GetProperty("lengths").EnumerateArray().Select(n => n.GetInt64())];
        var batch = cat([Wave(0, 16000), Wave(1, 16000)]);
        var masked = batch.clone();
        masked[1, (int)lengths[1]..] = 0;

        Compare("batch2", batch, null);
        Compare("masked", masked, [.. lengths.Select(config.Frames)]);
        Compare("long", Wave(2, 120000), null);

        void Compare(string name, Tensor input, long[]? frames)
        {
            var output = model.Contextualize(model.Convolve(input), frames);
            var pooled = Wav2Vec2.Pool(output, frames);
            var ends = cat([output[.., ..8], output[.., ^8..]], 1);
            Assert.InRange(Oracle.MaxAbs(TinyModels.Values(ends), vectors.Doubles($"f64.{name}.out.ends")), 0, 1.2e-4);
            Assert.InRange(Oracle.MaxAbs(TinyModels.Values(pooled), vectors.Doubles($"f64.{name}.pooled")), 0, 3e-5);
        }
    }

    private static float[] Formula(JsonElement parameter, ulong seed)
    {
        ulong ordinal = parameter.GetProperty("ordinal").GetUInt64();
        double offset = parameter.GetProperty("offset").GetDouble(), scale = parameter.GetProperty("scale").GetDouble();
        var values = new float[parameter.GetProperty("numel").GetInt32()];
        Parallel.For(0, values.Length, i => values[i] = (float)(offset + (scale * U(seed, ordinal, (ulong)i))));
        Assert.Equal(parameter.GetProperty("first4").EnumerateArray().Select(v => v.GetSingle()), values.Take(4));
        return values;
    }

    private static float[] WaveFormula(JsonElement wave, int samples, ulong seed)
    {
        double f = wave.GetProperty("f").GetDouble(), a = wave.GetProperty("a").GetDouble(), am = wave.GetProperty("am").GetDouble();
        ulong row = 1000 + wave.GetProperty("row").GetUInt64();
        return [.. Enumerable.Range(0, samples).Select(n =>
        {
            double t = n / 16000.0;
            return (float)((a * Math.Sin(2 * Math.PI * f * t) * (1 + (0.5 * Math.Sin(2 * Math.PI * am * t))))
                + (0.4 * a * Math.Sin(2 * Math.PI * 2.5 * f * t)) + (0.02 * U(seed, row, (ulong)n)));
        })];
    }

    private static double U(ulong seed, ulong ordinal, ulong i)
    {
        ulong z = seed + (((ordinal << 32) + i + 1) * Step);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 40) / 8388608.0) - 1;
    }
}

using System.Text.Json;
using Ser.Checkpoints;
using Ser.TestSupport;

namespace Ser.Audio.Tests;

[Trait("Category", Oracle.Category)]
public sealed class AudioOracleTests
{
    private const string Json = "08_audio/audio.json";

    [Fact]
    public void Every_file_decodes_to_the_bits_that_libsndfile_gives_or_is_refused()
    {
        var decoded = Oracle.Tensors("08_audio/decoded.safetensors");
        int read = 0, left = 0;
        foreach (var file in Oracle.Json(Json).GetProperty("files").EnumerateObject())
        {
            string path = Oracle.PathOf("08_audio/" + file.Name);
            if (!file.Value.TryGetProperty("frames", out var frames) || frames.GetInt64() == 0)
            {
                Assert.Throws<AudioException>(() => AudioFile.Inspect(path));
                Assert.Throws<AudioException>(() => AudioFile.Read(path));
                continue;
            }

            if (!file.Value.GetProperty("format").GetString()!.StartsWith("WAV", StringComparison.Ordinal) && SndFile.Installed is null)
            {
                left++;
                continue;
            }

            var info = AudioFile.Inspect(path);
            Assert.Equal(frames.GetInt64(), info.Frames);
            Assert.Equal(file.Value.GetProperty("channels").GetInt32(), info.Channels);
            Assert.Equal(file.Value.GetProperty("samplerate").GetInt32(), info.SampleRate);
            Assert.Equal(file.Value.GetProperty("subtype").GetString(), info.Encoding);

            var waveform = AudioFile.Read(path);
            Assert.Equal(decoded.Floats(file.Name + ".f32"), waveform.Samples);
            Assert.Equal(decoded.Floats(file.Name + ".mono_mean_f32"), AudioFile.ReadMono(path, out int rate));
            Assert.Equal(info.SampleRate, rate);
            read++;
        }

        Assert.True(read > 0);
        Assert.SkipWhen(left > 0, $"{read} WAV files agree; {left} files of other formats need libsndfile (apt-get install libsndfile1)");
    }

    [Fact]
    public void Resampling_equals_torchaudio()
    {
        var vectors = Oracle.Tensors("08_audio/resample.safetensors");
        var tolerance = Oracle.Json(Json).GetProperty("recommended_tolerance");
        double exact = tolerance.GetProperty("resample_f64_abs").GetDouble();
        double single = tolerance.GetProperty("resample_f32_abs").GetDouble();
        int checks = 0;
        foreach (string name in vectors.Entries.Keys.Where(name => name.EndsWith(".torchaudio_f64", StringComparison.Ordinal)))
        {
            string stem = name[..^".torchaudio_f64".Length];
            string[] rates = stem.Split("to");
            int from = int.Parse(rates[0]), to = rates.Length > 1 ? int.Parse(rates[1]) : 16_000;
            double[] input = vectors.Doubles(stem + ".input"), expected = vectors.Doubles(name);
            int rows = vectors.Entries[name].Shape.Length == 2 ? (int)vectors.Entries[name].Shape[0] : 1;
            int n = input.Length / rows, m = expected.Length / rows;
            for (int row = 0; row < rows; row++)
            {
                double[] x = input[(row * n)..((row + 1) * n)], y = expected[(row * m)..((row + 1) * m)];
                Assert.True(Oracle.MaxAbs(y, Resampler.Resample<double>(x, from, to)) <= exact, stem);
                float[] narrow = Resampler.Resample<float>(Array.ConvertAll(x, v => (float)v), from, to);
                Assert.True(Oracle.MaxAbs(y, Array.ConvertAll(narrow, v => (double)v)) <= single, stem);
                checks++;
            }
        }

        Assert.True(checks > 0);
    }

    [Fact]
    public void Normalising_equals_the_feature_extractor()
    {
        var vectors = Oracle.Tensors("08_audio/normalise.safetensors");
        double[] x = vectors.Doubles("input"), expected = vectors.Doubles("zero_mean_unit_var");
        Assert.True(Oracle.MaxAbs(expected, Preprocess.Normalise(x)) <= 1e-10);
        float[] narrow = Preprocess.Normalise(Array.ConvertAll(x, v => (float)v));
        Assert.True(Oracle.MaxAbs(expected, Array.ConvertAll(narrow, v => (double)v)) <= 1e-4);
    }
}

using System.Runtime.InteropServices;
using Ser.TestSupport;

namespace Ser.Audio.Tests;

public sealed class AudioFileTests : IDisposable
{
    private readonly WavBytes _wav = new();

    public void Dispose() => _wav.Dispose();

    [Fact]
    public void Missing_files_folders_and_empty_files_are_reported()
    {
        Assert.Contains("no such file", Failure(Path.Combine(_wav.Folder, "absent.wav")));
        Assert.Contains("no such file", Failure(Path.Combine(_wav.Folder, "absent", "a.wav")));
        Assert.Contains("cannot be read", Failure(_wav.Folder));
        Assert.Contains("empty", Failure(_wav.File("empty.wav", [])));
    }

    [Theory]
    [InlineData(4, "'fmt '")]
    [InlineData(12, "'fmt '")]
    [InlineData(30, "truncated")]
    [InlineData(36, "'data'")]
    [InlineData(44, "no samples")]
    [InlineData(45, "no samples")]
    public void A_truncated_header_is_reported_with_what_is_missing(int length, string expected) =>
        Assert.Contains(expected, Failure(_wav.File("cut.wav", WavBytes.Wav(1, 16, 1, 16000, new byte[8])[..length])));

    [Theory]
    [InlineData(2, 4, 1, 16000, "format tag 0x0002")]
    [InlineData(3, 24, 1, 16000, "format tag 0x0003 with 24 bits")]
    [InlineData(1, 0, 1, 16000, "0 bits")]
    [InlineData(1, 16, 0, 16000, "0 channels")]
    [InlineData(1, 16, 2000, 16000, "2000 channels")]
    [InlineData(1, 16, 1, 0, "0 Hz")]
    [InlineData(1, 16, 1, -1, "2147483647 Hz")]
    public void Format_that_cannot_be_read_is_named(int tag, int bits, int channels, int rate, string expected) =>
        Assert.Contains(expected, Failure(_wav.File("odd.wav", WavBytes.Wav(tag, bits, channels, rate, new byte[64]))));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Samples_that_are_not_finite_are_refused_with_their_frame(float bad)
    {
        string single = _wav.File("single.wav", WavBytes.Wav(3, 32, 2, 16000, MemoryMarshal.AsBytes<float>([0, 0, 0, bad]).ToArray()));
        string twice = _wav.File("double.wav", WavBytes.Wav(3, 64, 1, 16000, MemoryMarshal.AsBytes<double>([0, 1e300]).ToArray()));

        Assert.Contains("frame 1", Failure(single));
        Assert.Contains("frame 1", Failure(twice));
    }

    [Fact]
    public void Other_formats_without_libsndfile_name_the_package()
    {
        string flac = _wav.File("a.flac", [.. "fLaC"u8, .. new byte[60]]);
        var error = Assert.Throws<AudioException>(() => AudioFile.Inspect(flac, library: null));
        Assert.Contains("libsndfile1", error.Message);
        Assert.Equal(flac, error.Path);
        Assert.Throws<AudioException>(() => AudioFile.Read(flac, library: null));
    }

    [Fact]
    public void Twenty_four_bits_in_four_bytes_are_left_justified()
    {
        byte[] bytes = WavBytes.Wav(1, 24, 1, 8000, MemoryMarshal.AsBytes<int>([1 << 30, -(1 << 30)]).ToArray());
        bytes[32] = 4;
        Assert.Equal([0.5f, -0.5f], AudioFile.Read(_wav.File("wide.wav", bytes)).Samples);
    }

    [Fact]
    public void Mono_is_the_mean_of_any_number_of_channels()
    {
        short[] samples = [3000, 6000, -3000, 100, 200, 300];
        byte[] file = WavBytes.Wav(1, 16, 3, 11025, MemoryMarshal.AsBytes<short>(samples).ToArray());
        float[] mono = AudioFile.ReadMono(_wav.File("three.wav", file), out int rate);
        Assert.Equal(11025, rate);
        Assert.Equal([2000 / 32768f, 200 / 32768f], mono);
    }

    [Fact]
    public void Read_gives_the_first_seconds_at_16_kHz_with_zero_mean_and_unit_variance()
    {
        var samples = new short[8000];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(500 + (10_000 * Math.Sin(i * 0.3)));
        }

        string path = _wav.File("tone.wav", WavBytes.Wav(1, 16, 1, 8000, MemoryMarshal.AsBytes<short>(samples).ToArray()));
        float[] x = Preprocess.Read(path, maxSeconds: 0.75);

        Assert.Equal(12_000, x.Length);
        Assert.Equal(0, x.Average(), 1e-5);
        Assert.Equal(1, x.Average(v => v * v), 1e-3);
        Assert.Equal(16_000, Preprocess.Read(path, maxSeconds: 7.5).Length);
    }

    private static string Failure(string path)
    {
        string message = Assert.Throws<AudioException>(() => AudioFile.Inspect(path)).Message;
        Assert.Equal(message, Assert.Throws<AudioException>(() => AudioFile.Read(path)).Message);
        Assert.Contains(path, message);
        return message;
    }
}

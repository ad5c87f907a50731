namespace Ser.Audio;

/// <summary>From a recording to what the encoder takes: mono, 16 kHz, cut, zero mean and unit variance.</summary>
public static class Preprocess
{
    /// <summary>The encoder's sample rate, in Hz.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Reads a recording: [min(ceil(16000 · frames / rate), maxSeconds · 16000)] samples.</summary>
    /// <exception cref="AudioException">The recording cannot be used.</exception>
    public static float[] Read(string path, double maxSeconds, bool normalise = true)
    {
        float[] mono = AudioFile.ReadMono(path, out int rate);
        float[] cut = Cut(mono, rate, maxSeconds);
        return normalise ? Normalise(cut) : cut;
    }

    /// <summary>Resamples [frames] to 16 kHz and keeps the first maxSeconds.</summary>
    public static float[] Cut(float[] mono, int sampleRate, double maxSeconds)
    {
        int most = (int)Math.Min(Math.Round(maxSeconds * SampleRate), int.MaxValue);
        return Resampler.Resample<float>(mono, sampleRate, SampleRate, most);
    }

    /// <summary>(x - mean) / sqrt(population variance + 1e-7), as the checkpoint's feature extractor does; sums in double.</summary>
    public static float[] Normalise(float[] x) => Array.ConvertAll(Normalise(Array.ConvertAll(x, sample => (double)sample)), sample => (float)sample);

    /// <summary>As <see cref="Normalise(float[])"/>, in double.</summary>
    public static double[] Normalise(double[] x)
    {
        if (x.Length == 0)
        {
            return x;
        }

        double mean = x.Average();
        double variance = x.Sum(sample => (sample - mean) * (sample - mean)) / x.Length;
        double scale = 1 / Math.Sqrt(variance + 1e-7);
        return Array.ConvertAll(x, sample => (sample - mean) * scale);
    }
}

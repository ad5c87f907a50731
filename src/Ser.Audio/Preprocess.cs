namespace Ser.Audio;

/// <summary>Turns a recording into the input of the encoder: mono, 16 kHz, truncated, zero mean and unit variance.</summary>
public static class Preprocess
{
    /// <summary>The encoder's sample rate, in Hz.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Reads a recording as [min(ceil(16000 · frames / rate), maxSeconds · 16000)] samples.</summary>
    /// <exception cref="AudioException">The recording cannot be used.</exception>
    public static float[] Read(string path, double maxSeconds, bool normalise = true)
    {
        float[] mono = AudioFile.ReadMono(path, out int rate);
        float[] cut = ResampleAndTruncate(mono, rate, maxSeconds);
        return normalise ? Normalise(cut) : cut;
    }

    /// <summary>Resamples [frames] to 16 kHz and keeps the first maxSeconds.</summary>
    public static float[] ResampleAndTruncate(float[] mono, int sampleRate, double maxSeconds)
    {
        int maxSamples = (int)Math.Min(Math.Round(maxSeconds * SampleRate), int.MaxValue);
        return Resampler.Resample<float>(mono, sampleRate, SampleRate, maxSamples);
    }

    /// <summary>(x - mean) / sqrt(population variance + 1e-7), as the checkpoint's feature extractor does. Sums are in double.</summary>
    public static float[] Normalise(float[] x)
    {
        double[] normalised = Normalise(Array.ConvertAll(x, sample => (double)sample));
        return Array.ConvertAll(normalised, sample => (float)sample);
    }

    /// <summary>The same as <see cref="Normalise(float[])"/>, in double.</summary>
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

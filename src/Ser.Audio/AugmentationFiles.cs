namespace Ser.Audio;

/// <summary>Recorded noises and impulse responses in place of synthetic ones, mono at 16 kHz. An empty list: synthetic.</summary>
public sealed record AugmentationFiles(IReadOnlyList<float[]> Noises, IReadOnlyList<double[]> Responses)
{
    /// <summary>Seconds of a recording that are kept.</summary>
    public const double MaxSeconds = 600;

    /// <summary>Everything synthetic.</summary>
    public static AugmentationFiles None { get; } = new([], []);

    /// <summary>Reads recordings; what is drawn depends on their order.</summary>
    /// <exception cref="AudioException">One cannot be used.</exception>
    public static AugmentationFiles Load(IEnumerable<string> noises, IEnumerable<string> responses) =>
        new([.. noises.Select(Read)], [.. responses.Select(file => Array.ConvertAll(Read(file), sample => (double)sample))]);

    /// <summary>The file itself, or every .wav and .flac under a folder, by name.</summary>
    /// <exception cref="AudioException">There is neither, or the folder has no recordings.</exception>
    public static IReadOnlyList<string> Under(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new AudioException(path, "there is no such file or folder", "name .wav or .flac files, or a folder of them");
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file).ToLowerInvariant() is ".wav" or ".flac").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new AudioException(path, "the folder has no .wav or .flac files", "name a folder of recordings");
    }

    /// <summary>Samples of a recording, at least one of them not zero.</summary>
    /// <exception cref="AudioException">It cannot be used.</exception>
    public static float[] Read(string file)
    {
        float[] samples = Preprocess.Read(file, MaxSeconds, normalise: false);
        return samples.Any(sample => sample != 0) ? samples : throw new AudioException(file, "it is silent", "leave it out: it would change nothing");
    }
}

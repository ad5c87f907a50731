namespace Ser.Audio;

/// <summary>Recorded noises and impulse responses, mono at 16 kHz. Where a list is empty, synthetic ones are used.</summary>
public sealed record AugmentationFiles(IReadOnlyList<float[]> Noises, IReadOnlyList<double[]> Responses)
{
    /// <summary>Recordings are truncated to so many seconds.</summary>
    public const double MaxSeconds = 600;

    /// <summary>No recordings: everything is synthetic.</summary>
    public static AugmentationFiles None { get; } = new([], []);

    /// <summary>Reads recordings. Random choices depend on their order.</summary>
    /// <exception cref="AudioException">A recording cannot be used.</exception>
    public static AugmentationFiles Load(IEnumerable<string> noises, IEnumerable<string> responses) =>
        new([.. noises.Select(Read)], [.. responses.Select(file => Array.ConvertAll(Read(file), sample => (double)sample))]);

    /// <summary>The file itself, or every .wav and .flac file under a folder, sorted by name.</summary>
    /// <exception cref="AudioException">The path does not exist, or the folder has no recordings.</exception>
    public static IReadOnlyList<string> ListRecordings(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new AudioException(path, "there is no such file or folder", "name .wav or .flac files, or a folder of them");
        }

        var all = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories);
        string[] files = [.. all.Where(IsRecording).Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new AudioException(path, "the folder has no .wav or .flac files", "name a folder of recordings");
    }

    /// <summary>Reads the samples of a recording, which must not be silent.</summary>
    /// <exception cref="AudioException">The recording cannot be used.</exception>
    public static float[] Read(string file)
    {
        float[] samples = Preprocess.Read(file, MaxSeconds, normalise: false);
        return samples.Any(sample => sample != 0)
            ? samples
            : throw new AudioException(file, "the recording is silent", "remove it: it would have no effect");
    }

    private static bool IsRecording(string file) => Path.GetExtension(file).ToLowerInvariant() is ".wav" or ".flac";
}

using Ser.Learning.Audio;

namespace Ser.Learning.Augmentation;

/// <summary>Recorded noises and impulse responses in place of synthetic ones, mono at 16 kHz, in the order of their names. An empty list: synthetic.</summary>
public sealed record AugmentationFiles(IReadOnlyList<double[]> Noises, IReadOnlyList<double[]> Responses)
{
    /// <summary>Everything synthetic.</summary>
    public static AugmentationFiles None { get; } = new([], []);

    /// <summary>Reads every .wav and .flac under the folders; null: synthetic.</summary>
    /// <exception cref="AudioException">A folder has no recordings, or one cannot be used.</exception>
    public static AugmentationFiles Load(string? noiseFolder, string? responseFolder) => new(All(noiseFolder), All(responseFolder));

    private static IReadOnlyList<double[]> All(string? folder)
    {
        if (folder is null)
        {
            return [];
        }

        if (!Directory.Exists(folder))
        {
            throw new AudioException(folder, "there is no such folder", "name a folder of .wav or .flac files");
        }

        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".wav" or ".flac")
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? [.. files.Select(file => Array.ConvertAll(Preprocess.Read(file, maxSeconds: 600, normalise: false), sample => (double)sample))]
            : throw new AudioException(folder, "the folder has no .wav or .flac files", "name a folder of recordings");
    }
}

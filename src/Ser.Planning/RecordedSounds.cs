using System.Security.Cryptography;
using Ser.Audio;
using Ser.Domain;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>Checks the recordings that an experiment names in place of synthetic noises and impulse responses.</summary>
public static class RecordedSounds
{
    private const int MaxProblems = 20;
    private const double MaxHours = 4; // a job holds all recordings in memory: 230 MB an hour

    /// <param name="key">Key of the experiment file, for messages.</param>
    /// <param name="paths">Files and folders; null: synthetic.</param>
    /// <exception cref="InputException">Files are missing, not recordings or silent, or too long; every problem is named.</exception>
    public static RecordingSet? Read(string key, IReadOnlyList<string>? paths)
    {
        if (paths is null)
        {
            return null;
        }

        var problems = new List<string>();
        var files = new List<RecordedFile>();
        long samples = 0;
        foreach (string file in paths.Select(Path.GetFullPath).SelectMany(path => Try(path, AugmentationFiles.ListRecordings)).Distinct())
        {
            foreach (var sound in Try(file, ReadSound))
            {
                files.Add(new RecordedFile(file, sound.Digest));
                samples += sound.Samples;
            }
        }

        if (problems.Count > 0)
        {
            throw new InputException($"{key}: {Summary(problems)}");
        }

        double hours = samples / (3600.0 * Preprocess.SampleRate);
        return hours <= MaxHours
            ? RecordingSet.Create(files)
            : throw new InputException(FormattableString.Invariant(
                $"{key}: {files.Count} recordings of {hours:0.0} hours; a job holds them in memory, so name at most {MaxHours} hours ")
                + $"(of each recording only the first {AugmentationFiles.MaxSeconds / 60} minutes are used)");

        IEnumerable<T> Try<T>(string path, Func<string, IReadOnlyList<T>> read)
        {
            try
            {
                return read(path);
            }
            catch (AudioException unusable)
            {
                problems.Add(unusable.Message);
                return [];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{path} cannot be read: {error.Message}");
                return [];
            }
        }
    }

    private static string Summary(List<string> problems)
    {
        if (problems.Count == 1)
        {
            return problems[0];
        }

        string separator = $"{Environment.NewLine}  ";
        string more = problems.Count > MaxProblems ? $"{separator}and {problems.Count - MaxProblems} more" : "";
        return $"{problems.Count} problems{separator}{string.Join(separator, problems.Take(MaxProblems))}{more}";
    }

    private static IReadOnlyList<Sound> ReadSound(string file)
    {
        int samples = AugmentationFiles.Read(file).Length;
        using var stream = File.OpenRead(file);
        return [new Sound(Convert.ToHexStringLower(SHA256.HashData(stream)), samples)];
    }

    private sealed record Sound(string Digest, int Samples);
}

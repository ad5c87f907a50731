using System.Security.Cryptography;
using Ser.Audio;
using Ser.Domain;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>Checks the recordings that an experiment names in place of synthetic noises and responses.</summary>
public static class RecordedSounds
{
    private const int MostProblems = 20;
    private const double MostHours = 4; // a job holds them: 230 MB an hour

    /// <param name="key">Key of the experiment file, for messages.</param>
    /// <param name="paths">Files and folders; null: synthetic.</param>
    /// <exception cref="InputException">Something is missing, no recording, silent, or too much; every problem is named.</exception>
    public static RecordingSet? Of(string key, IReadOnlyList<string>? paths)
    {
        if (paths is null)
        {
            return null;
        }

        var problems = new List<string>();
        var files = new List<RecordedFile>();
        long samples = 0;
        foreach (string file in paths.Select(Path.GetFullPath).SelectMany(path => Try(path, AugmentationFiles.Under)).Distinct())
        {
            foreach (var (digest, length) in Try(file, Digested))
            {
                files.Add(new RecordedFile(file, digest));
                samples += length;
            }
        }

        if (problems.Count > 0)
        {
            string more = problems.Count > MostProblems ? $"{Environment.NewLine}  and {problems.Count - MostProblems} more" : "";
            throw new InputException(problems.Count == 1
                ? $"{key}: {problems[0]}"
                : $"{key}: {problems.Count} problems{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", problems.Take(MostProblems))}{more}");
        }

        double hours = samples / (3600.0 * Preprocess.SampleRate);
        return hours <= MostHours
            ? RecordingSet.Of(files)
            : throw new InputException(FormattableString.Invariant($"{key}: {files.Count} recordings of {hours:0.0} hours; a job holds them in memory, so name at most {MostHours} hours (of each recording the first {AugmentationFiles.MaxSeconds / 60} minutes count)"));

        IEnumerable<T> Try<T>(string path, Func<string, IReadOnlyList<T>> read)
        {
            try
            {
                return read(path);
            }
            catch (AudioException unsound)
            {
                problems.Add(unsound.Message);
                return [];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{path} cannot be read: {error.Message}");
                return [];
            }
        }
    }

    private static IReadOnlyList<(string Digest, int Samples)> Digested(string file)
    {
        int samples = AugmentationFiles.Read(file).Length;
        using var stream = File.OpenRead(file);
        return [(Convert.ToHexStringLower(SHA256.HashData(stream)), samples)];
    }
}

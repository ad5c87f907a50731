using System.Text;
using Ser.Domain;
using Ser.Domain.Experiments;

namespace Ser.Storage.Experiments;

/// <summary>
/// Reads experiment files: YAML with only the differences from the defaults. All problems are reported in one message, each with file,
/// line, column and the expected value. Relative paths are not resolved.
/// </summary>
public static class ExperimentFile
{
    private const long MaxBytes = 1_000_000;

    /// <summary>Every dotted key in the order of `experiments/defaults.yaml`.</summary>
    public static IReadOnlyList<string> Keys => ExperimentKeys.AllKeys;

    /// <summary>Reads a file and then applies <paramref name="sets"/> ("dotted.key=YAML value") in order.</summary>
    /// <exception cref="InputException">The file is missing, unreadable or invalid, or an override is invalid.</exception>
    public static Experiment Read(string path, IEnumerable<string> sets)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path} is a folder: name an experiment file (YAML).");
        }

        if (!File.Exists(path))
        {
            throw new InputException($"{path}: there is no such experiment file; experiments/ holds examples.");
        }

        try
        {
            long bytes = new FileInfo(path).Length;
            if (bytes > MaxBytes)
            {
                throw new InputException($"{path} has {bytes} bytes and is not an experiment file, which is YAML of a few lines.");
            }

            var strictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
            return Parse(strictUtf8.GetString(File.ReadAllBytes(path)), path, sets);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException($"{path} is not text in UTF-8: an experiment file is YAML.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Like <see cref="Read"/>, from text; <paramref name="sourceName"/> is the name of the file in messages.</summary>
    /// <exception cref="InputException">The text or an override is invalid.</exception>
    public static Experiment Parse(string text, string sourceName, IEnumerable<string> sets)
    {
        var problems = new List<string>();
        var experiment = new Experiment();
        if (YamlText.ParseMapping(text.TrimStart('\uFEFF'), sourceName, problems) is { } document)
        {
            var source = new YamlSource(sourceName, HasLines: true, problems);
            experiment = ExperimentKeys.Apply(experiment, new YamlValue(document, source, ""));
        }

        foreach (string set in sets)
        {
            if (YamlText.ParseOverride(set, problems) is { } difference)
            {
                var source = new YamlSource($"--set {set}", HasLines: false, problems);
                experiment = ExperimentKeys.Apply(experiment, new YamlValue(difference, source, ""));
            }
        }

        return problems.Count switch
        {
            0 => experiment,
            1 => throw new InputException(problems[0]),
            _ => throw new InputException($"{sourceName}: {problems.Count} problems\n  {string.Join("\n  ", problems)}"),
        };
    }
}

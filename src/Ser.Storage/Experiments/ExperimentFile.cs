using System.Text;
using Ser.Domain;
using Ser.Domain.Experiments;

namespace Ser.Storage.Experiments;

/// <summary>
/// Reads experiment files: YAML that holds only differences from the defaults. What is wrong is gathered into one message, each with file, line, column and what
/// would be right. Relative paths are left as they are written.
/// </summary>
public static class ExperimentFile
{
    private const long MostBytes = 1_000_000;

    /// <summary>Every key, dotted, in the order of `experiments/defaults.yaml`.</summary>
    public static IReadOnlyList<string> Keys => ExperimentKeys.All;

    /// <summary>Reads a file and then applies <paramref name="sets"/> ("dotted.key=YAML value") in order.</summary>
    /// <exception cref="InputException">The file is missing, unreadable or wrong, or a set is.</exception>
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
            return bytes > MostBytes
                ? throw new InputException($"{path} has {bytes} bytes and is no experiment file: those are YAML of a few lines.")
                : Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)), path, sets);
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

    /// <summary>As <see cref="Read"/>, from text; <paramref name="sourceName"/> stands for the file in messages.</summary>
    /// <exception cref="InputException">The text is wrong, or a set is.</exception>
    public static Experiment Parse(string text, string sourceName, IEnumerable<string> sets)
    {
        var problems = new List<string>();
        var experiment = new Experiment();
        if (YamlText.Mapping(text.TrimStart('\uFEFF'), sourceName, problems) is { } document)
        {
            experiment = ExperimentKeys.Apply(experiment, new YamlValue(document, new YamlSource(sourceName, HasLines: true, problems), ""));
        }

        foreach (string set in sets)
        {
            if (YamlText.Set(set, problems) is { } difference)
            {
                experiment = ExperimentKeys.Apply(experiment, new YamlValue(difference, new YamlSource($"--set {set}", HasLines: false, problems), ""));
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

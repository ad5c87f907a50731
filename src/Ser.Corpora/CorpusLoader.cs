using Ser.Corpora.Readers;
using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;

namespace Ser.Corpora;

/// <summary>Reads and checks a corpus of any kind. Everything that is wrong is gathered, file by file.</summary>
public static class CorpusLoader
{
    /// <summary>
    /// Lists the corpus, puts labels into classes, opens and digests every recording that takes part. Speakers are ordered by name (ordinal), utterances by speaker
    /// and then by name.
    /// </summary>
    /// <param name="reference">Kind and path.</param>
    /// <param name="classes">Class to corpus labels; null: angry, happy, sad, neutral by the corpus's own labels.</param>
    /// <param name="dataFolder">Where the synthetic corpus is written, under corpora/.</param>
    /// <param name="progress">Called from several threads at once, after each recording.</param>
    /// <exception cref="InputException">The kind is unknown. (What is wrong with the corpus itself is in the report.)</exception>
    public static CorpusReport Load(CorpusReference reference, IReadOnlyList<ClassLabels>? classes, string dataFolder, Action<CorpusProgress>? progress = null)
    {
        ICorpusReader reader = reference.Kind switch
        {
            "iemocap" => new IemocapReader(),
            "emodb" => new EmoDbReader(),
            "csv" => new ManifestReader(),
            "synthetic" => new SyntheticReader(),
            _ => throw new InputException($"'{reference}' is no corpus: the kinds are {string.Join(", ", CorpusKinds.All)}."),
        };
        string path = reference.Path ?? (reference.Kind == "synthetic" ? SyntheticFolder.Ensure(dataFolder) : CorpusKinds.Parse(reference.Kind).Path!);
        return CorpusAssembly.Build(reference.Kind, path, List(reader, path), new ClassChoice(reader.Labels, classes), progress);
    }

    private static Listing List(ICorpusReader reader, string path)
    {
        try
        {
            return reader.List(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new([], [new(path, $"cannot be read: {error.Message}", "see to its permissions and to the disk")]);
        }
    }
}

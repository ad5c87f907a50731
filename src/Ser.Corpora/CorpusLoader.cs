using Ser.Corpora.Readers;
using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;

namespace Ser.Corpora;

/// <summary>Reads and checks a corpus of any kind. All problems are collected, file by file, instead of stopping at the first.</summary>
public static class CorpusLoader
{
    /// <summary>
    /// Lists the corpus, maps labels to classes, opens and digests every recording that has a class. Speakers are ordered by name
    /// (ordinal), utterances by speaker and then by name.
    /// </summary>
    /// <param name="reference">Kind and path.</param>
    /// <param name="classes">The corpus labels of each class; null for angry, happy, sad and neutral by the corpus's own labels.</param>
    /// <param name="dataFolder">Where the synthetic corpus is written, under corpora/.</param>
    /// <param name="progress">Called from several threads at once, after each recording.</param>
    /// <exception cref="InputException">The kind is unknown. Problems of the corpus itself are in the report.</exception>
    public static CorpusReport Load(
        CorpusReference reference, IReadOnlyList<ClassLabels>? classes, string dataFolder, Action<CorpusProgress>? progress = null)
    {
        ICorpusReader reader = reference.Kind switch
        {
            "iemocap" => new IemocapReader(),
            "emodb" => new EmoDbReader(),
            "csv" => new ManifestReader(),
            "synthetic" => new SyntheticReader(),
            _ => throw new InputException($"'{reference}' is not a corpus: the kinds are {string.Join(", ", CorpusKinds.All)}."),
        };
        string path = reference.Path ?? DefaultPath(reference.Kind, dataFolder);
        return CorpusAssembly.Build(reference.Kind, path, List(reader, path), new ClassMapping(reader.Labels, classes), progress);
    }

    private static string DefaultPath(string kind, string dataFolder) =>
        kind == "synthetic" ? SyntheticFolder.Ensure(dataFolder) : CorpusKinds.Parse(kind).Path!;

    private static RecordingList List(ICorpusReader reader, string path)
    {
        try
        {
            return reader.ListRecordings(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new([], [new(path, $"cannot be read: {error.Message}", "check its permissions and the disk")]);
        }
    }
}

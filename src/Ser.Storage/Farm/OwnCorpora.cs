using Ser.Domain.Corpora;

namespace Ser.Storage.Farm;

/// <summary>
/// Corpora that are not copied into the store, because their licence forbids it or because every machine has them anyway: where this machine has its own. Named by kind
/// (such as iemocap) or by digest, on the scheduler and on every worker. Each recording's digest is proved before it is used, so an own copy is as good as the submitted one.
/// </summary>
/// <param name="paths">Kind or digest to path; as in the experiment file: a folder, or the manifest of a csv corpus.</param>
public sealed class OwnCorpora(IReadOnlyDictionary<string, string> paths)
{
    /// <summary>Every corpus travels.</summary>
    public static OwnCorpora None { get; } = new(new Dictionary<string, string>());

    /// <summary>Whether a corpus stays where it is.</summary>
    public bool Has(Corpus corpus) => PathOf(corpus) is not null;

    /// <summary>The corpus with the paths that its recordings have on this machine.</summary>
    public Corpus Here(Corpus corpus)
    {
        string own = PathOf(corpus) ?? throw new ArgumentException($"{corpus.Kind} is none of this machine's own corpora", nameof(corpus));
        string from = Root(corpus.Path, own), to = Root(own, own);
        return corpus with
        {
            Path = own,
            Utterances = [.. corpus.Utterances.Select(utterance => utterance with { Path = Path.GetFullPath(Path.Combine(to, Path.GetRelativePath(from, utterance.Path))) })],
        };
    }

    private string? PathOf(Corpus corpus) => paths.GetValueOrDefault(corpus.Digest) ?? paths.GetValueOrDefault(corpus.Kind);

    // Recordings count from the folder of a manifest. Whether the submitted path was one is not seen on this machine, but it is the same kind of path as its own.
    private static string Root(string path, string own) => File.Exists(own) ? Path.GetDirectoryName(Path.GetFullPath(path))! : Path.GetFullPath(path);
}

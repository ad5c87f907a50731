using Ser.Domain.Corpora;

namespace Ser.Storage.Farm;

/// <summary>
/// Paths of corpora that are not uploaded to the store, because their licence forbids it or because every machine has a copy. Configured by
/// kind (such as iemocap) or by digest, on the scheduler and on every worker. Each recording's digest is verified before it is used, so a
/// local copy is as good as the submitted one.
/// </summary>
/// <param name="paths">Kind or digest to path. As in the experiment file, a path is a folder or the manifest of a csv corpus.</param>
public sealed class OwnCorpora(IReadOnlyDictionary<string, string> paths)
{
    /// <summary>No local copies: every corpus is uploaded.</summary>
    public static OwnCorpora None { get; } = new(new Dictionary<string, string>());

    /// <summary>Whether this machine has its own copy of a corpus.</summary>
    public bool Contains(Corpus corpus) => PathOf(corpus) is not null;

    /// <summary>The corpus with the paths of its recordings on this machine.</summary>
    public Corpus ToLocalPaths(Corpus corpus)
    {
        string own = PathOf(corpus)
            ?? throw new ArgumentException($"{corpus.Kind} is not one of this machine's own corpora", nameof(corpus));
        string submittedRoot = Root(corpus.Path, own), ownRoot = Root(own, own);
        string OwnPath(string path) => Path.GetFullPath(Path.Combine(ownRoot, Path.GetRelativePath(submittedRoot, path)));
        return corpus with
        {
            Path = own,
            Utterances = [.. corpus.Utterances.Select(utterance => utterance with { Path = OwnPath(utterance.Path) })],
        };
    }

    private string? PathOf(Corpus corpus) => paths.GetValueOrDefault(corpus.Digest) ?? paths.GetValueOrDefault(corpus.Kind);

    // The paths in a manifest are relative to its folder. Whether the submitted path is a manifest cannot be seen on this machine, but it
    // is of the same kind as the own path.
    private static string Root(string path, string own)
    {
        string fullPath = Path.GetFullPath(path);
        return File.Exists(own) ? Path.GetDirectoryName(fullPath)! : fullPath;
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Storage.Farm;

namespace Ser.Worker;

/// <summary>Inputs by digest: indexes from the artifact store, recordings and weights through it or, for the machine's own corpora, from where they lie.</summary>
public sealed class Inputs(IArtifactStore artifacts, OwnCorpora own) : IInputs
{
    private readonly ConcurrentDictionary<string, Lazy<Corpus>> corpora = new();
    private readonly ConcurrentDictionary<string, Lazy<string>> weights = new();
    private readonly ConcurrentDictionary<string, Lazy<RecordingSet>> recordings = new();
    private readonly ConcurrentDictionary<(string Digest, string Path), Lazy<string>> proved = new();

    /// <summary>Digests of corpora and weights that this process has had at hand.</summary>
    public IReadOnlyList<string> Holds => [.. corpora.Keys, .. weights.Keys];

    /// <inheritdoc/>
    /// <remarks>Recordings are fetched here for every job, so that a bounded cache knows what is in use. Who decodes one proves its digest.</remarks>
    public Corpus Corpus(string digest)
    {
        var index = corpora.GetOrAdd(digest, key => Kept(() => Index(key))).Value;
        if (own.Has(index))
        {
            return own.Here(index);
        }

        var paths = artifacts.Fetch([.. index.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256))]);
        return index with { Utterances = [.. index.Utterances.Zip(paths, (utterance, path) => utterance with { Path = path })] };
    }

    /// <inheritdoc/>
    public string Weights(string digest)
    {
        string submitted = weights.GetOrAdd(digest, key => Kept(() => WeightsFile.Read(Blob(ArtifactKeys.Weights(key))).Path)).Value;
        return Proved(artifacts.Fetch([new InputFile(submitted, digest)])[0], digest, "weights file");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Recordings(string digest)
    {
        var set = recordings.GetOrAdd(digest, key => Kept(() => RecordingSet.Read(Blob(ArtifactKeys.Recordings(key))))).Value;
        var paths = artifacts.Fetch([.. set.Files.Select(file => new InputFile(file.Path, file.Digest))]);
        return [.. set.Files.Zip(paths, (file, path) => Proved(path, file.Digest, "recording"))];
    }

    // What could not be read is asked for again: a store that was away, a file that has been put back.
    private static Lazy<T> Kept<T>(Func<T> read) => new(read, LazyThreadSafetyMode.PublicationOnly);

    // Once for each file of a process.
    private string Proved(string path, string digest, string what) => proved.GetOrAdd((digest, path), key => Kept(() => Checked(key.Path, key.Digest, what))).Value;

    private static string Checked(string path, string digest, string what)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == digest
            ? path
            : throw new InvalidDataException($"{path} is not the {what} that was submitted: put it back, or submit the experiment again");
    }

    private Corpus Index(string digest)
    {
        var corpus = CorpusFile.Read(Blob(ArtifactKeys.Corpus(digest)));
        return CorpusDigest.Of(corpus.Classes, corpus.Utterances) == digest
            ? corpus
            : throw new InvalidDataException($"{ArtifactKeys.Corpus(digest)} is damaged: submit the experiment again");
    }

    private byte[] Blob(string key) => artifacts.Get(key) ?? throw new InvalidDataException($"{key} is not in the artifact store: submit the experiment again");
}

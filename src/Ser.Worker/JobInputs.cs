using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Storage.Farm;

namespace Ser.Worker;

/// <summary>
/// Resolves inputs by digest. Corpus indexes come from the artifact store; recordings and weights come through its cache or,
/// for corpora that this machine has locally, from their own folder.
/// </summary>
public sealed class JobInputs(IArtifactStore artifacts, OwnCorpora own) : IInputs
{
    private readonly ConcurrentDictionary<string, Lazy<Corpus>> _corpora = new();
    private readonly ConcurrentDictionary<string, Lazy<string>> _weights = new();
    private readonly ConcurrentDictionary<string, Lazy<RecordingSet>> _recordings = new();
    private readonly ConcurrentDictionary<(string Digest, string Path), Lazy<string>> _verifiedPaths = new();

    /// <summary>Digests of the corpora and weights that this process has already loaded.</summary>
    public IReadOnlyList<string> LocalDigests => [.. _corpora.Keys, .. _weights.Keys];

    /// <inheritdoc/>
    /// <remarks>
    /// Recordings are fetched here for every job, so that the bounded cache knows which ones are in use. Their digests are verified
    /// when they are decoded.
    /// </remarks>
    public Corpus Corpus(string digest)
    {
        var index = _corpora.GetOrAdd(digest, key => RetryOnFailure(() => ReadIndex(key))).Value;
        if (own.Contains(index))
        {
            return own.ToLocalPaths(index);
        }

        var files = index.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256));
        var localPaths = artifacts.FetchInputs([.. files]);
        var utterances = index.Utterances.Zip(localPaths, (utterance, path) => utterance with { Path = path });
        return index with { Utterances = [.. utterances] };
    }

    /// <inheritdoc/>
    public string Weights(string digest)
    {
        string submittedPath = _weights.GetOrAdd(digest, key => RetryOnFailure(() => ReadWeightsPath(key))).Value;
        string localPath = artifacts.FetchInputs([new InputFile(submittedPath, digest)])[0];
        return Verify(localPath, digest, "weights file");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Recordings(string digest)
    {
        var set = _recordings.GetOrAdd(digest, key => RetryOnFailure(() => ReadRecordingSet(key))).Value;
        var localPaths = artifacts.FetchInputs([.. set.Files.Select(file => new InputFile(file.Path, file.Digest))]);
        return [.. set.Files.Zip(localPaths, (file, path) => Verify(path, file.Digest, "recording"))];
    }

    // A failed read is not cached: the store may have been unreachable, or the file may be put back later.
    private static Lazy<T> RetryOnFailure<T>(Func<T> read) => new(read, LazyThreadSafetyMode.PublicationOnly);

    // Each file is hashed only once per process.
    private string Verify(string path, string digest, string kind)
    {
        var verified = _verifiedPaths.GetOrAdd((digest, path), key => RetryOnFailure(() => VerifyDigest(key.Path, key.Digest, kind)));
        return verified.Value;
    }

    private static string VerifyDigest(string path, string digest, string kind)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == digest
            ? path
            : throw new InvalidDataException($"{path} is not the {kind} that was submitted: put it back, or submit the experiment again");
    }

    private Corpus ReadIndex(string digest)
    {
        var corpus = CorpusFile.Read(ReadBlob(ArtifactKeys.Corpus(digest)));
        return CorpusDigest.Compute(corpus.Classes, corpus.Utterances) == digest
            ? corpus
            : throw new InvalidDataException($"{ArtifactKeys.Corpus(digest)} is damaged: submit the experiment again");
    }

    private string ReadWeightsPath(string digest) => WeightsFile.Read(ReadBlob(ArtifactKeys.Weights(digest))).Path;

    private RecordingSet ReadRecordingSet(string digest) => RecordingSet.Read(ReadBlob(ArtifactKeys.Recordings(digest)));

    private byte[] ReadBlob(string key) =>
        artifacts.Get(key) ?? throw new InvalidDataException($"{key} is not in the artifact store: submit the experiment again");
}

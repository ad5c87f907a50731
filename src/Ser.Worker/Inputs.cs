using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Worker;

/// <summary>Inputs by digest, from the artifact store; each is opened once in a process.</summary>
public sealed class Inputs(IArtifactStore artifacts) : IInputs
{
    private readonly ConcurrentDictionary<string, Lazy<Corpus>> corpora = new();
    private readonly ConcurrentDictionary<string, Lazy<string>> weights = new();
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<string>>> recordings = new();

    /// <inheritdoc/>
    public Corpus Corpus(string digest) => corpora.GetOrAdd(digest, key => new Lazy<Corpus>(() => CorpusFile.Read(Blob(ArtifactKeys.Corpus(key))))).Value;

    /// <inheritdoc/>
    public string Weights(string digest) => weights.GetOrAdd(digest, key => new Lazy<string>(() => Checked(WeightsFile.Read(Blob(ArtifactKeys.Weights(key))).Path, key, "weights file"))).Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> Recordings(string digest) => recordings.GetOrAdd(digest, key => new Lazy<IReadOnlyList<string>>(() =>
        [.. RecordingSet.Read(Blob(ArtifactKeys.Recordings(key))).Files.Select(file => Checked(file.Path, file.Digest, "recording"))])).Value;

    private static string Checked(string path, string digest, string what)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == digest
            ? path
            : throw new InvalidDataException($"{path} is not the {what} that was submitted: put it back, or submit the experiment again");
    }

    private byte[] Blob(string key) => artifacts.Get(key) ?? throw new InvalidDataException($"{key} is not in the artifact store: submit the experiment again");
}

namespace Ser.Domain.Artifacts;

/// <summary>Where things lie in the artifact store.</summary>
public static class ArtifactKeys
{
    /// <summary>Name of the manifest, written last.</summary>
    public const string ManifestName = "result.json";

    /// <summary>{stage}/{jobId}/{attempt}/</summary>
    public static string Attempt(string stage, string jobId, int attempt) => $"{stage}/{jobId}/{attempt}/";

    /// <summary>checkpoints/{jobId}/{attempt}-{number}</summary>
    public static string Checkpoint(string jobId, int attempt, int number) => $"checkpoints/{jobId}/{attempt}-{number}";

    /// <summary>corpora/{digest}.json, the index of a corpus.</summary>
    public static string Corpus(string digest) => $"corpora/{digest}.json";

    /// <summary>weights/{digest}.json, where a weights file is.</summary>
    public static string Weights(string digest) => $"weights/{digest}.json";

    /// <summary>recordings/{digest}.json, where recorded noises or responses are.</summary>
    public static string Recordings(string digest) => $"recordings/{digest}.json";
}

namespace Ser.Domain.Artifacts;

/// <summary>Where things lie in the artifact store.</summary>
public static class ArtifactKeys
{
    /// <summary>Name of the manifest, written last.</summary>
    public const string ManifestName = "result.json";

    /// <summary>What every checkpoint's key begins with.</summary>
    public const string CheckpointsFolder = "checkpoints/";

    /// <summary>What every input's key begins with.</summary>
    public const string InputsFolder = "inputs/";

    /// <summary>{stage}/{jobId}/{attempt}/</summary>
    public static string Attempt(string stage, string jobId, int attempt) => $"{stage}/{jobId}/{attempt}/";

    /// <summary>checkpoints/{jobId}/{attempt}-{number}</summary>
    public static string Checkpoint(string jobId, int attempt, int number) => $"{CheckpointsFolder}{jobId}/{attempt}-{number}";

    /// <summary>corpora/{digest}.json, the index of a corpus.</summary>
    public static string Corpus(string digest) => $"corpora/{digest}.json";

    /// <summary>checkpoints/{jobId}/, all checkpoints of a job.</summary>
    public static string Checkpoints(string jobId) => $"{CheckpointsFolder}{jobId}/";

    /// <summary>inputs/{digest}, a recording or a weights file that has travelled into the store.</summary>
    public static string Input(string digest) => $"{InputsFolder}{digest}";

    /// <summary>weights/{digest}.json, where a weights file is.</summary>
    public static string Weights(string digest) => $"weights/{digest}.json";

    /// <summary>recordings/{digest}.json, where recorded noises or responses are.</summary>
    public static string Recordings(string digest) => $"recordings/{digest}.json";
}

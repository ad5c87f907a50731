namespace Ser.Domain.Artifacts;

/// <summary>Keys of the objects in the artifact store.</summary>
public static class ArtifactKeys
{
    /// <summary>File name of a result's manifest, which is written last.</summary>
    public const string ManifestName = "result.json";

    /// <summary>Prefix of the keys of checkpoints.</summary>
    public const string CheckpointsFolder = "checkpoints/";

    /// <summary>Prefix of the keys of input files.</summary>
    public const string InputsFolder = "inputs/";

    /// <summary>Folder of an attempt's result: {stage}/{jobId}/{attempt}/.</summary>
    public static string Attempt(string stage, string jobId, int attempt) => $"{stage}/{jobId}/{attempt}/";

    /// <summary>A checkpoint: checkpoints/{jobId}/{attempt}-{number}.</summary>
    public static string Checkpoint(string jobId, int attempt, int number) => $"{CheckpointsFolder}{jobId}/{attempt}-{number}";

    /// <summary>The index of a corpus: corpora/{digest}.json.</summary>
    public static string Corpus(string digest) => $"corpora/{digest}.json";

    /// <summary>Folder of a job's checkpoints: checkpoints/{jobId}/.</summary>
    public static string Checkpoints(string jobId) => $"{CheckpointsFolder}{jobId}/";

    /// <summary>A recording or weights file that was copied to the store: inputs/{digest}.</summary>
    public static string Input(string digest) => $"{InputsFolder}{digest}";

    /// <summary>Location of a weights file: weights/{digest}.json.</summary>
    public static string Weights(string digest) => $"weights/{digest}.json";

    /// <summary>Locations of a set of recorded noises or impulse responses: recordings/{digest}.json.</summary>
    public static string Recordings(string digest) => $"recordings/{digest}.json";
}

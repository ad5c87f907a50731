using System.Text.Json.Nodes;
using Ser.Domain.Corpora;

namespace Ser.Domain.Jobs;

/// <summary>Runs one claimed job of one stage. It knows nothing about leases, retries or messages.</summary>
public interface IStageRunner
{
    /// <summary>Name of the stage.</summary>
    string Stage { get; }

    /// <summary>
    /// Runs the job and writes the result's files to <see cref="StageContext.Output"/>. Called on a dedicated thread. When
    /// <paramref name="stop"/> is cancelled, it writes a checkpoint at the next step and throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    void Run(StageContext context, CancellationToken stop);
}

/// <summary>Inputs and services of a running attempt.</summary>
public sealed record StageContext
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>Number of this attempt, unique within the job.</summary>
    public required int Attempt { get; init; }

    /// <summary>The job's specification.</summary>
    public required JsonObject Spec { get; init; }

    /// <summary>Local folder of each parent's accepted result, by stage.</summary>
    public required IReadOnlyDictionary<string, string> Parents { get; init; }

    /// <summary>Local, empty folder for the result's files. It is published as a whole when the runner returns.</summary>
    public required string Output { get; init; }

    /// <summary>Reproducible files that the jobs of a machine share, such as decoded audio and features.</summary>
    public required ISharedCache Cache { get; init; }

    /// <summary>Access to corpora, weights and recordings by digest.</summary>
    public required IInputs Inputs { get; init; }

    /// <summary>Checkpoints of this job, fenced by the attempt.</summary>
    public required ICheckpoints Checkpoints { get; init; }

    /// <summary>
    /// The epoch after which the runner saves a checkpoint and throws <see cref="PausedException"/>; null if it runs to the end.
    /// </summary>
    public int? PauseAfter { get; init; }

    /// <summary>Reports progress. Cheap enough to be called at every step.</summary>
    public required Action<StageProgress> Report { get; init; }
}

/// <summary>A cache of reproducible files that the jobs of a machine share.</summary>
public interface ISharedCache
{
    /// <summary>Makes room for a file and returns its path. The file may exist already.</summary>
    /// <param name="name">File name, which must identify the content.</param>
    /// <param name="bytes">Maximum size of the file.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    string Reserve(string name, long bytes);
}

/// <summary>Inputs that jobs refer to by digest.</summary>
public interface IInputs
{
    /// <summary>Returns the corpus with this digest. Its audio files are available locally.</summary>
    Corpus Corpus(string digest);

    /// <summary>Returns the local path of the weights file with this SHA-256.</summary>
    string Weights(string digest);

    /// <summary>Returns the local paths of the recordings of the set with this digest, in the set's order.</summary>
    IReadOnlyList<string> Recordings(string digest);
}

/// <summary>Checkpoints of one job. A new checkpoint replaces the previous one only when it is complete.</summary>
public interface ICheckpoints
{
    /// <summary>Returns the local path of the last recorded checkpoint of any attempt, or null.</summary>
    string? Latest();

    /// <summary>Whether a checkpoint can be saved now; false while the previous one is still being uploaded.</summary>
    bool IsReady => true;

    /// <summary>
    /// Writes a checkpoint with <paramref name="write"/>, which receives the path of the file, stores it and records it under this attempt.
    /// All of this may happen on another thread after the call has returned, so the captured data must not change meanwhile. If a stop is
    /// requested, it has happened when the call returns.
    /// </summary>
    /// <exception cref="LeaseLostException">Another attempt holds the job.</exception>
    void Save(Action<string> write);
}

/// <summary>Thrown by a stage runner that has saved a checkpoint and stopped after <see cref="StageContext.PauseAfter"/>.</summary>
public sealed class PausedException(int epoch) : Exception($"paused after epoch {epoch}");

/// <summary>Thrown when an attempt that has lost its lease tries to change the job.</summary>
public sealed class LeaseLostException(string message) : Exception(message);

/// <summary>Progress of an attempt.</summary>
/// <param name="Step">Counter that increases with every step of work. An attempt whose counter does not change has stalled.</param>
/// <param name="Epoch">Finished epochs; finished iterations for a stage that does not train.</param>
/// <param name="Epochs">Maximum number of epochs or iterations.</param>
/// <param name="Loss">Mean training loss of the current epoch, or the objective that an iteration minimises.</param>
/// <param name="StepsPerSecond">Mean speed since the attempt began.</param>
/// <param name="Point">The epoch that has just ended, or null.</param>
public sealed record StageProgress(
    long Step,
    int Epoch = 0,
    int Epochs = 0,
    double? Loss = null,
    double? StepsPerSecond = null,
    EpochPoint? Point = null);

/// <summary>One epoch of a learning curve.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Loss">Mean training loss, eq. 2.</param>
/// <param name="CrossEntropy">Cross-entropy term of the loss.</param>
/// <param name="Contrastive">Contrastive term of the loss, eq. 1.</param>
/// <param name="ValidationLoss">Cross-entropy on the unaugmented validation utterances.</param>
/// <param name="ValidationWa">Weighted accuracy: share of correct validation utterances.</param>
/// <param name="ValidationUa">Unweighted accuracy: mean recall of the classes.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
/// <param name="ResidentBytes">Resident memory of the process at the end of the epoch. Not part of any digest.</param>
public sealed record EpochPoint(
    int Epoch,
    double Loss,
    double CrossEntropy,
    double Contrastive,
    double ValidationLoss,
    double ValidationWa,
    double ValidationUa,
    double LearningRate,
    long ResidentBytes)
{
    /// <summary>Number of correct validation utterances by class; empty if not counted.</summary>
    public IReadOnlyList<int> Right { get; init; } = [];

    /// <summary>Number of validation utterances by class; empty if not counted.</summary>
    public IReadOnlyList<int> Of { get; init; } = [];
}

using System.Text.Json.Nodes;
using Ser.Domain.Corpora;

namespace Ser.Domain.Jobs;

/// <summary>Runs one claimed job of one stage. Knows nothing of leases, retries or messages.</summary>
public interface IStageRunner
{
    /// <summary>Name of the stage.</summary>
    string Stage { get; }

    /// <summary>
    /// Leaves the result's files in <see cref="StageContext.Output"/>. Called on a thread of its own.
    /// On <paramref name="stop"/> it writes a checkpoint at the next step and throws <see cref="OperationCanceledException"/>.
    /// </summary>
    void Run(StageContext context, CancellationToken stop);
}

/// <summary>What a running attempt may see and touch.</summary>
public sealed record StageContext
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>This attempt's number, never used twice.</summary>
    public required int Attempt { get; init; }

    /// <summary>The specification.</summary>
    public required JsonObject Spec { get; init; }

    /// <summary>Local folder of each parent's accepted result, by stage.</summary>
    public required IReadOnlyDictionary<string, string> Parents { get; init; }

    /// <summary>Local empty folder for the result's files; published whole when the runner returns.</summary>
    public required string Output { get; init; }

    /// <summary>What the jobs of a machine share and can make again: decoded audio, features.</summary>
    public required ISharedCache Cache { get; init; }

    /// <summary>Local path of an input by digest: a corpus index (JSON of <see cref="Corpus"/>) or a weights file.</summary>
    public required IInputs Inputs { get; init; }

    /// <summary>Checkpoints of this job, fenced by the attempt.</summary>
    public required ICheckpoints Checkpoints { get; init; }

    /// <summary>The epoch after which the runner takes a checkpoint and throws <see cref="PausedException"/>; null: it runs to its end.</summary>
    public int? PauseAfter { get; init; }

    /// <summary>Says how far the attempt is; cheap, may be called at every step.</summary>
    public required Action<StageProgress> Report { get; init; }
}

/// <summary>Files that the jobs of a machine share and can make again.</summary>
public interface ISharedCache
{
    /// <summary>Path of a file, after room was made for it.</summary>
    /// <param name="name">Says what decides its content.</param>
    /// <param name="bytes">What it may grow to.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    string Place(string name, long bytes);
}

/// <summary>Inputs that jobs name by digest.</summary>
public interface IInputs
{
    /// <summary>The corpus with that digest, its audio at hand.</summary>
    Corpus Corpus(string digest);

    /// <summary>Local path of the weights file with that SHA-256.</summary>
    string Weights(string digest);

    /// <summary>Local paths of the recordings of the set with that digest, in its order.</summary>
    IReadOnlyList<string> Recordings(string digest);
}

/// <summary>Checkpoints of one job. A new one replaces the last only once it is whole.</summary>
public interface ICheckpoints
{
    /// <summary>Local path of the last recorded checkpoint of any attempt, or null.</summary>
    string? Latest();

    /// <summary>Whether a checkpoint would be taken now: not while the one before is on its way.</summary>
    bool IsReady => true;

    /// <summary>
    /// Has <paramref name="write"/> write a file at the path it is given, moves it into place and records it under this attempt. That may happen after the call, on another thread: what is written must not change
    /// meanwhile. Once a stop is requested it has happened when the call returns.
    /// </summary>
    /// <exception cref="LeaseLostException">Another attempt holds the job.</exception>
    void Save(Action<string> write);
}

/// <summary>Thrown by a runner that has stopped after <see cref="StageContext.PauseAfter"/>, with a checkpoint.</summary>
public sealed class PausedException(int epoch) : Exception($"paused after epoch {epoch}");

/// <summary>Thrown where an attempt that lost its lease would change something.</summary>
public sealed class LeaseLostException(string message) : Exception(message);

/// <summary>How far an attempt is.</summary>
/// <param name="Step">Counter that rises with every step of work: a lease whose counter stands still is stalled.</param>
/// <param name="Epoch">Finished epochs; iterations, where a stage does not train.</param>
/// <param name="Epochs">Epochs, or iterations, at most.</param>
/// <param name="Loss">Mean training loss of the running epoch, or what an iteration makes small.</param>
/// <param name="StepsPerSecond">Speed since the attempt began.</param>
/// <param name="Point">The epoch that has just ended, or null.</param>
public sealed record StageProgress(long Step, int Epoch = 0, int Epochs = 0, double? Loss = null, double? StepsPerSecond = null, EpochPoint? Point = null);

/// <summary>One point of a learning curve.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean training loss, eq. 2.</param>
/// <param name="CrossEntropy">Its first part.</param>
/// <param name="Contrastive">Its second part, eq. 1.</param>
/// <param name="ValidationLoss">Cross-entropy on validation originals.</param>
/// <param name="ValidationWa">Share right.</param>
/// <param name="ValidationUa">Mean recall.</param>
/// <param name="LearningRate">Rate of the epoch's last step.</param>
/// <param name="ResidentBytes">Memory of the process at the end of the epoch. Not part of any digest.</param>
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
    /// <summary>Validation utterances that were right, by class; empty where nobody counted.</summary>
    public IReadOnlyList<int> Right { get; init; } = [];

    /// <summary>Validation utterances, by class.</summary>
    public IReadOnlyList<int> Of { get; init; } = [];
}

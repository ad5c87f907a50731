namespace Ser.Learning.Training;

/// <summary>One utterance for training.</summary>
/// <param name="Index">Index in the corpus, on which its random numbers depend.</param>
/// <param name="Length">Number of samples.</param>
/// <param name="Class">True class.</param>
/// <param name="Read">Returns the samples at 16 kHz, truncated and normalised. It may read a file each time.</param>
public sealed record TrainingUtterance(int Index, int Length, int Class, Func<float[]> Read)
{
    /// <summary>Creates an utterance whose samples are in memory.</summary>
    public TrainingUtterance(int index, float[] waveform, int @class)
        : this(index, waveform.Length, @class, () => waveform)
    {
    }
}

/// <summary>The result of an epoch: one point of a learning curve.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">Mean of eq. 2 over the epoch's steps.</param>
/// <param name="CrossEntropy">Mean of its cross-entropy term.</param>
/// <param name="Contrastive">Mean of its contrastive term, eq. 1.</param>
/// <param name="ValidationLoss">Cross-entropy on the validation utterances, without augmentation and padding.</param>
/// <param name="ValidationWa">Share of correct predictions.</param>
/// <param name="ValidationUa">Mean recall over the classes present.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
public sealed record EpochResult(
    int Epoch,
    double Loss,
    double CrossEntropy,
    double Contrastive,
    double ValidationLoss,
    double ValidationWa,
    double ValidationUa,
    double LearningRate);

/// <summary>Progress of training after a step or an epoch.</summary>
/// <param name="Step">Completed steps.</param>
/// <param name="Steps">Steps of all epochs.</param>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Loss">Mean of eq. 2 over the steps of the current epoch so far.</param>
/// <param name="Ended">The epoch that has just ended, or null.</param>
public sealed record TrainingProgress(long Step, long Steps, int Epoch, double Loss, EpochResult? Ended)
{
    /// <summary>Correct validation predictions of the epoch that has just ended.</summary>
    public ClassCounts? Validation { get; init; }
}

/// <summary>Counts of correct predictions by class.</summary>
/// <param name="Correct">Number of correct predictions for each class.</param>
/// <param name="Total">Number of utterances of each class.</param>
public sealed record ClassCounts(IReadOnlyList<int> Correct, IReadOnlyList<int> Total);

/// <summary>Training has paused after an epoch, with a checkpoint, as requested.</summary>
public sealed class TrainingPausedException(int epoch) : Exception($"paused after epoch {epoch}")
{
    /// <summary>The epoch, from 1.</summary>
    public int Epoch => epoch;
}

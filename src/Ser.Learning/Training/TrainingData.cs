namespace Ser.Learning.Training;

/// <summary>One utterance as training sees it.</summary>
/// <param name="Index">Index into the corpus; randomness is drawn by it.</param>
/// <param name="Length">Samples.</param>
/// <param name="Class">True class.</param>
/// <param name="Read">Gives its samples: 16 kHz, cut and normalised. May read a file each time.</param>
public sealed record TrainingUtterance(int Index, int Length, int Class, Func<float[]> Read)
{
    /// <summary>An utterance whose samples are at hand.</summary>
    public TrainingUtterance(int index, float[] waveform, int @class)
        : this(index, waveform.Length, @class, () => waveform)
    {
    }
}

/// <summary>An epoch's result: one point of a learning curve.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean of eq. 2 over the epoch's steps.</param>
/// <param name="CrossEntropy">Its first part.</param>
/// <param name="Contrastive">Its second part, eq. 1.</param>
/// <param name="ValidationLoss">Cross-entropy on validation originals, without padding.</param>
/// <param name="ValidationWa">Share right.</param>
/// <param name="ValidationUa">Mean recall over the classes present.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
public sealed record EpochResult(
    int Epoch, double Loss, double CrossEntropy, double Contrastive, double ValidationLoss, double ValidationWa, double ValidationUa, double LearningRate);

/// <summary>How far training is, after each step and each epoch.</summary>
/// <param name="Step">Steps done in all.</param>
/// <param name="Steps">Steps of all epochs.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Loss">Mean of eq. 2 over the running epoch so far.</param>
/// <param name="Ended">The epoch that has just ended, or null.</param>
public sealed record TrainingProgress(long Step, long Steps, int Epoch, double Loss, EpochResult? Ended)
{
    /// <summary>Validation answers of the epoch that has just ended.</summary>
    public ClassCounts? Validation { get; init; }
}

/// <summary>Right answers by class.</summary>
/// <param name="Right">Utterances that were right.</param>
/// <param name="Of">Utterances.</param>
public sealed record ClassCounts(IReadOnlyList<int> Right, IReadOnlyList<int> Of);

/// <summary>Training has stopped after an epoch, with a checkpoint, as it was asked to.</summary>
public sealed class TrainingPausedException(int epoch) : Exception($"paused after epoch {epoch}")
{
    /// <summary>The epoch, from 1.</summary>
    public int Epoch => epoch;
}

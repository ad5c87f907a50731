using Ser.Audio;
using Ser.Domain.Experiments;
using Ser.Domain.Randomness;
using Ser.Learning.Augmentation;

namespace Ser.Learning.Training;

/// <summary>One row of a step.</summary>
/// <param name="Utterance">The utterance.</param>
/// <param name="View">0 for the original, 1 for its augmented view.</param>
internal readonly record struct BatchRow(TrainingUtterance Utterance, int View);

/// <summary>The rows of one step: the originals, then their augmented views in the same order.</summary>
/// <param name="Originals">The utterances.</param>
/// <param name="Waveforms">The samples of each row.</param>
internal sealed record Batch(TrainingUtterance[] Originals, float[][] Waveforms)
{
    /// <summary>Number of rows.</summary>
    internal int Count => Waveforms.Length;

    /// <summary>A row by its position.</summary>
    internal BatchRow this[int row] => new(Originals[row % Originals.Length], row / Originals.Length);

    /// <summary>The class of each row.</summary>
    internal long[] Classes => [.. Enumerable.Range(0, Count).Select(row => (long)this[row].Utterance.Class)];
}

/// <summary>
/// Reads the utterances of the next step and augments their views while the current step runs. A view depends only on (seed, epoch,
/// utterance), so that prefetching does not change results.
/// </summary>
internal sealed class BatchPrefetcher(
    IReadOnlyList<TrainingUtterance> train,
    IReadOnlyList<int[]> batches,
    FineTuneOptions options,
    int epoch,
    AugmentationFiles? recordings = null)
{
    private (int Step, Task<Batch> Rows)? _next;

    /// <summary>Returns the rows of a step and starts preparing those of the next.</summary>
    internal Batch GetBatch(int step)
    {
        var rows = _next is var (prepared, task) && prepared == step ? task.GetAwaiter().GetResult() : Create(step);
        _next = step + 1 < batches.Count ? (step + 1, Task.Run(() => Create(step + 1))) : null;
        return rows;
    }

    private Batch Create(int step)
    {
        TrainingUtterance[] originals = [.. batches[step].Select(position => train[position])];
        float[][] waveforms = Array.ConvertAll(originals, utterance => utterance.Read());
        return options.Augmentation == "none"
            ? new Batch(originals, waveforms)
            : new Batch(originals, [.. waveforms, .. originals.Zip(waveforms, CreateView)]);
    }

    private float[] CreateView(TrainingUtterance utterance, float[] waveform)
    {
        var random = new RandomStream(options.Seed, epoch, utterance.Index, "augmentation");
        return Augmenter.Apply(options.Augmentation, waveform, random, recordings);
    }
}

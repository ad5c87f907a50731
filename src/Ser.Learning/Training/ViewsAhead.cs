using Ser.Audio;
using Ser.Domain.Randomness;
using Ser.Learning.Augmentation;

namespace Ser.Learning.Training;

/// <summary>Rows of one step: originals, then their views in the same order.</summary>
/// <param name="Originals">The utterances.</param>
/// <param name="Waveforms">Each row's samples.</param>
internal sealed record Rows(TrainingUtterance[] Originals, float[][] Waveforms)
{
    /// <summary>Rows.</summary>
    internal int Count => Waveforms.Length;

    /// <summary>The utterance of a row, and 0 for the original or 1 for its view.</summary>
    internal (TrainingUtterance Utterance, int View) this[int row] => (Originals[row % Originals.Length], row / Originals.Length);

    /// <summary>Each row's class.</summary>
    internal long[] Classes => [.. Enumerable.Range(0, Count).Select(row => (long)this[row].Utterance.Class)];
}

/// <summary>
/// Reads the next step's utterances and augments their views while this one runs. What a view is depends on (seed, epoch, utterance) alone, so running ahead
/// changes nothing.
/// </summary>
internal sealed class ViewsAhead(IReadOnlyList<TrainingUtterance> train, IReadOnlyList<int[]> batches, FineTuneOptions options, int epoch, AugmentationFiles? recordings = null)
{
    private (int Step, Task<Rows> Rows)? next;

    internal Rows Rows(int step)
    {
        var rows = next is var (prepared, task) && prepared == step ? task.GetAwaiter().GetResult() : Make(step);
        next = step + 1 < batches.Count ? (step + 1, Task.Run(() => Make(step + 1))) : null;
        return rows;
    }

    private Rows Make(int step)
    {
        TrainingUtterance[] originals = [.. batches[step].Select(position => train[position])];
        float[][] waveforms = Array.ConvertAll(originals, utterance => utterance.Read());
        return options.Augmentation == "none" ? new Rows(originals, waveforms) : new Rows(originals, [.. waveforms, .. originals.Zip(waveforms, View)]);
    }

    private float[] View(TrainingUtterance utterance, float[] waveform) =>
        Augmenter.Apply(options.Augmentation, waveform, new Draw(options.Seed, epoch, utterance.Index, "augmentation"), recordings);
}

using Ser.Learning.Augmentation;

namespace Ser.Learning.Training;

/// <summary>Rows of one step: originals, then their views in the same order.</summary>
/// <param name="Waveforms">Each row's samples.</param>
/// <param name="Classes">Each row's class.</param>
/// <param name="Originals">How many rows are originals.</param>
internal sealed record Rows(float[][] Waveforms, long[] Classes, int Originals);

/// <summary>Augments the next step's views while this one runs. What a view is depends on (seed, epoch, utterance) alone, so running ahead changes nothing.</summary>
internal sealed class ViewsAhead(IReadOnlyList<TrainingUtterance> train, IReadOnlyList<int[]> batches, FineTuneOptions options, int epoch)
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
        var originals = batches[step].Select(position => train[position]).ToArray();
        var views = options.Augmentation == "none"
            ? []
            : originals.Select(utterance => Augmenter.Apply(options.Augmentation, utterance.Waveform, new Draw(options.Seed, epoch, utterance.Index, "augmentation")));
        long[] classes = [.. originals.Select(utterance => (long)utterance.Class)];
        return new Rows(
            [.. originals.Select(utterance => utterance.Waveform), .. views],
            options.Augmentation == "none" ? classes : [.. classes, .. classes],
            originals.Length);
    }
}

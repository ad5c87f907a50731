using Ser.Domain.Measures;

namespace Ser.Domain.Statistics;

/// <summary>
/// 95 % confidence intervals from a bootstrap over speakers, because utterances of the same speaker are not independent. All rows use
/// the same resamples, so differences between two rows are paired.
/// </summary>
public sealed class SpeakerBootstrap
{
    private readonly int _resamples;
    private readonly Func<int, int, int, int> _speakerOf;

    /// <summary>Draws resamples deterministically from a seed.</summary>
    public SpeakerBootstrap(int resamples = 10_000, ulong seed = 0)
    {
        _resamples = resamples;
        _speakerOf = (resample, draw, speakers) =>
        {
            ulong counter = ((ulong)resample * (ulong)speakers) + (ulong)draw;
            return SplitMix.Below(seed, counter, speakers);
        };
    }

    /// <summary>Uses given resamples.</summary>
    /// <param name="draws">Shape [resamples][speakers]: indices of the drawn speakers, from 0.</param>
    public SpeakerBootstrap(IReadOnlyList<int[]> draws)
    {
        _resamples = draws.Count;
        _speakerOf = (resample, draw, _) => draws[resample][draw];
    }

    /// <summary>A confidence interval.</summary>
    public sealed record Interval(double Low, double High);

    /// <summary>Confidence intervals of weighted and unweighted accuracy.</summary>
    public sealed record Intervals(Interval Wa, Interval Ua);

    /// <summary>Returns the intervals of pooled WA and pooled UA of one row.</summary>
    /// <param name="runs">
    /// For each seed, the confusion matrix of every speaker, in the same order. With several seeds the mean over the seeds is resampled.
    /// </param>
    public Intervals ComputeIntervals(IReadOnlyList<IReadOnlyList<Confusion>> runs)
    {
        var (wa, ua) = Resample(runs);
        return new Intervals(MiddleOf(wa), MiddleOf(ua));
    }

    /// <summary>Returns the intervals of the differences of pooled WA and UA, first minus second, over the same speakers.</summary>
    public Intervals Difference(IReadOnlyList<IReadOnlyList<Confusion>> first, IReadOnlyList<IReadOnlyList<Confusion>> second)
    {
        if (first[0].Count != second[0].Count)
        {
            throw new ArgumentException($"{first[0].Count} and {second[0].Count} speakers cannot be paired");
        }

        var a = Resample(first);
        var b = Resample(second);
        return new Intervals(MiddleOf(Subtract(a.Wa, b.Wa)), MiddleOf(Subtract(a.Ua, b.Ua)));
    }

    private static double[] Subtract(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private Accuracies Resample(IReadOnlyList<IReadOnlyList<Confusion>> runs)
    {
        int speakers = runs[0].Count;
        double[] wa = new double[_resamples];
        double[] ua = new double[_resamples];
        foreach (var run in runs)
        {
            int classes = run[0].Classes;
            int[][] right = [.. run.Select(CountRight)];
            int[][] size = [.. run.Select(CountUtterances)];
            int[] rights = new int[classes];
            int[] sizes = new int[classes];
            for (int resample = 0; resample < _resamples; resample++)
            {
                Array.Clear(rights);
                Array.Clear(sizes);
                for (int draw = 0; draw < speakers; draw++)
                {
                    int speaker = _speakerOf(resample, draw, speakers);
                    for (int c = 0; c < classes; c++)
                    {
                        rights[c] += right[speaker][c];
                        sizes[c] += size[speaker][c];
                    }
                }

                wa[resample] += WeightedAccuracy(rights, sizes) / runs.Count;
                ua[resample] += UnweightedAccuracy(rights, sizes) / runs.Count;
            }
        }

        return new Accuracies(wa, ua);
    }

    // Correct utterances of a speaker, by class.
    private static int[] CountRight(Confusion speaker) => [.. Enumerable.Range(0, speaker.Classes).Select(c => speaker.Counts[c][c])];

    // All utterances of a speaker, by class.
    private static int[] CountUtterances(Confusion speaker) => [.. speaker.Counts.Select(row => row.Sum())];

    private static double WeightedAccuracy(int[] right, int[] size) => (double)right.Sum() / size.Sum();

    private static double UnweightedAccuracy(int[] right, int[] size)
    {
        double recall = 0;
        int present = 0;
        for (int c = 0; c < size.Length; c++)
        {
            if (size[c] > 0)
            {
                recall += (double)right[c] / size[c];
                present++;
            }
        }

        return recall / present;
    }

    // The central 95 % of the resampled values, which are sorted in place.
    private static Interval MiddleOf(double[] values)
    {
        Array.Sort(values);
        return new Interval(Percentile.Compute(values, 2.5), Percentile.Compute(values, 97.5));
    }

    // Accuracies of each resample.
    private sealed record Accuracies(double[] Wa, double[] Ua);
}

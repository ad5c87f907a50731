using Ser.Domain.Measures;

namespace Ser.Domain.Statistics;

/// <summary>
/// 95 % intervals that resample whole speakers, since utterances of one speaker are not independent. The same resamples serve every row, so that
/// a difference of two rows is paired.
/// </summary>
public sealed class SpeakerBootstrap
{
    private readonly int resamples;
    private readonly Func<int, int, int, int> speakerOf;

    /// <summary>Draws by counting: the same in every run.</summary>
    public SpeakerBootstrap(int resamples = 10_000, ulong seed = 0) =>
        (this.resamples, speakerOf) = (resamples, (resample, place, speakers) => SplitMix.Below(seed, ((ulong)resample * (ulong)speakers) + (ulong)place, speakers));

    /// <summary>Resamples that are given, [resamples][speakers]: each names as many speakers as there are, from 0.</summary>
    public SpeakerBootstrap(IReadOnlyList<int[]> draws) => (resamples, speakerOf) = (draws.Count, (resample, place, _) => draws[resample][place]);

    /// <summary>An interval.</summary>
    public sealed record Interval(double Low, double High);

    /// <summary>Intervals of pooled WA and pooled UA of one row.</summary>
    /// <param name="runs">For each seed, the confusion of every speaker, speakers in the same order. Several seeds: the mean over them.</param>
    public (Interval Wa, Interval Ua) Of(IReadOnlyList<IReadOnlyList<Confusion>> runs)
    {
        var (wa, ua) = Draw(runs);
        return (Middle(wa), Middle(ua));
    }

    /// <summary>Intervals of the differences of pooled WA and UA, first - second, over the same speakers.</summary>
    public (Interval Wa, Interval Ua) Difference(IReadOnlyList<IReadOnlyList<Confusion>> first, IReadOnlyList<IReadOnlyList<Confusion>> second)
    {
        if (first[0].Count != second[0].Count)
        {
            throw new ArgumentException($"{first[0].Count} and {second[0].Count} speakers cannot be paired");
        }

        var (wa, ua) = Draw(first);
        var (otherWa, otherUa) = Draw(second);
        return (Middle([.. wa.Zip(otherWa, (a, b) => a - b)]), Middle([.. ua.Zip(otherUa, (a, b) => a - b)]));
    }

    private (double[] Wa, double[] Ua) Draw(IReadOnlyList<IReadOnlyList<Confusion>> runs)
    {
        int speakers = runs[0].Count;
        double[] wa = new double[resamples];
        double[] ua = new double[resamples];
        foreach (var run in runs)
        {
            int classes = run[0].Classes;
            int[][] right = [.. run.Select(speaker => Enumerable.Range(0, classes).Select(c => speaker.Counts[c][c]).ToArray())];
            int[][] size = [.. run.Select(speaker => speaker.Counts.Select(row => row.Sum()).ToArray())];
            int[] rights = new int[classes];
            int[] sizes = new int[classes];
            for (int resample = 0; resample < resamples; resample++)
            {
                Array.Clear(rights);
                Array.Clear(sizes);
                for (int draw = 0; draw < speakers; draw++)
                {
                    int speaker = speakerOf(resample, draw, speakers);
                    for (int c = 0; c < classes; c++)
                    {
                        rights[c] += right[speaker][c];
                        sizes[c] += size[speaker][c];
                    }
                }

                var (oneWa, oneUa) = Measured(rights, sizes);
                wa[resample] += oneWa / runs.Count;
                ua[resample] += oneUa / runs.Count;
            }
        }

        return (wa, ua);
    }

    private static (double Wa, double Ua) Measured(int[] right, int[] size)
    {
        double recall = 0;
        int present = 0;
        int rights = 0;
        int sizes = 0;
        for (int c = 0; c < size.Length; c++)
        {
            rights += right[c];
            sizes += size[c];
            if (size[c] > 0)
            {
                recall += (double)right[c] / size[c];
                present++;
            }
        }

        return ((double)rights / sizes, recall / present);
    }

    private static Interval Middle(double[] values)
    {
        Array.Sort(values);
        return new Interval(Percentile.Of(values, 2.5), Percentile.Of(values, 97.5));
    }
}

using System.Diagnostics;
using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Learning.Retrieval;

namespace Ser.Stages.Benchmarks;

/// <summary>What one run of the retrieval benchmark took, each number the median of five after a warm-up.</summary>
/// <param name="Seconds">Neighbours, then WA and UA for every k and every α.</param>
/// <param name="NeighbourSeconds">The exact search alone.</param>
/// <param name="SweepSeconds">Votes, intervals and choice alone.</param>
/// <param name="Queries">Queries.</param>
/// <param name="Stored">Stored rows.</param>
/// <param name="Dimension">Length of a row.</param>
/// <param name="K">Largest k; all from 1 on are swept.</param>
/// <param name="ChosenK">The answer, so that the work cannot be left out.</param>
/// <param name="ChosenAlpha">The answer, likewise.</param>
public sealed record RetrievalTimes(
    double Seconds, double NeighbourSeconds, double SweepSeconds, int Queries, int Stored, int Dimension, int K, int ChosenK, double ChosenAlpha);

/// <summary>A fold of IEMOCAP's size: 553 queries against 4,978 rows of 768, all k ≤ 32 and all α.</summary>
public static class RetrievalBench
{
    private const int Queries = 553;
    private const int Stored = 4978;
    internal const int Dimension = 768;
    private const int K = 32;
    private const int Classes = 4;
    private const int Runs = 5;

    /// <summary>Times the search and the sweep on clustered rows that are the same on every machine.</summary>
    public static RetrievalTimes Run()
    {
        float[] stored = Rows(Stored, 1);
        float[] queries = Rows(Queries, 2);
        var times = new List<(double Neighbours, double Sweep)>();
        Chosen? chosen = null;
        for (int run = -1; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            var (index, distance) = NeighbourSearch.Find(queries, stored, Dimension, K);
            double neighbours = Stopwatch.GetElapsedTime(start).TotalSeconds;
            chosen = Selector.Choose([new Asked(Answers(index, distance), 1)], Classes, Weightings.Uniform, new RetrievalSettings());
            if (run >= 0)
            {
                times.Add((neighbours, Stopwatch.GetElapsedTime(start).TotalSeconds - neighbours));
            }
        }

        return new RetrievalTimes(
            Median(times.Select(time => time.Neighbours + time.Sweep)),
            Median(times.Select(time => time.Neighbours)),
            Median(times.Select(time => time.Sweep)),
            Queries, Stored, Dimension, K, chosen!.K, chosen.Alpha);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Runs / 2);

    private static QuerySet Answers(int[][] index, double[][] distance) => new(
        [.. Enumerable.Range(0, Queries)],
        [.. Enumerable.Repeat("speaker", Queries)],
        [.. Enumerable.Range(0, Queries).Select(query => query % Classes)],
        [.. Enumerable.Range(0, Queries).Select(Model)],
        index,
        Array.ConvertAll(index, row => Array.ConvertAll(row, stored => stored % Classes)),
        distance);

    // A model that is right about seven times in ten.
    private static double[] Model(int query)
    {
        double[] p = [.. Enumerable.Range(0, Classes).Select(c => Math.Exp((c == query % Classes ? 1 : 0) + Noise(3, (query * Classes) + c)))];
        double sum = p.Sum();
        return Array.ConvertAll(p, value => value / sum);
    }

    // Row r belongs to cluster r mod 4; clusters overlap, and all share an offset as pooled embeddings do.
    internal static float[] Rows(int rows, ulong seed, double apart = 0.06)
    {
        float[] values = new float[rows * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            int row = i / Dimension;
            int column = i % Dimension;
            values[i] = (float)(Noise(7, column) + (apart * Noise(8, ((row % Classes) * Dimension) + column)) + (0.5 * Noise(seed, i)));
        }

        return values;
    }

    // Between -1 and 1, by counting (splitmix64).
    private static double Noise(ulong seed, int counter)
    {
        ulong z = (seed << 40) + ((ulong)counter * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (2.0 / (1UL << 53)) - 1;
    }
}

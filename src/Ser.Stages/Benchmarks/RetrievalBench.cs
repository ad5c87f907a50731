using System.Diagnostics;
using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Learning.Retrieval;

namespace Ser.Stages.Benchmarks;

/// <summary>What one run of the retrieval benchmark took: medians of five after a warm-up. Processor seconds count every thread, and hardly depend on what else the machine does.</summary>
/// <param name="Seconds">Both searches, then the three selections.</param>
/// <param name="ProcessorSeconds">The same, of processor time.</param>
/// <param name="NeighbourSeconds">Test queries against training and validation rows alone.</param>
/// <param name="ValidationNeighbourSeconds">Validation queries against training rows alone.</param>
/// <param name="SweepSeconds">Pooled validation, fold validation and test oracle, each with WA and UA for every k and every α, and the test side's answers to each.</param>
/// <param name="SoftmaxSeconds">The same for both softmax weightings, each with three temperatures; not part of <paramref name="Seconds"/>.</param>
/// <param name="RedrawSeconds">Ten folds' confusions, WA and UA for one (k, α, weighting, T): the median of many drawn at random.</param>
/// <param name="RedrawMostSeconds">The same for the most work, softmax votes of all neighbours.</param>
/// <param name="Queries">Test queries, and validation queries.</param>
/// <param name="Stored">Training and validation rows.</param>
/// <param name="Dimension">Length of a row.</param>
/// <param name="K">Largest k; all from 1 on are swept.</param>
/// <param name="RedrawnUtterances">Utterances of the ten folds.</param>
/// <param name="ChosenK">The answer on validation, so that the work cannot be left out.</param>
/// <param name="ChosenAlpha">The answer, likewise.</param>
public sealed record RetrievalTimes(
    double Seconds, double ProcessorSeconds, double NeighbourSeconds, double ValidationNeighbourSeconds, double SweepSeconds, double SoftmaxSeconds,
    double RedrawSeconds, double RedrawMostSeconds, int Queries, int Stored, int Dimension, int K, int RedrawnUtterances, int ChosenK, double ChosenAlpha);

/// <summary>
/// A fold of IEMOCAP's size, as the Evaluate stage and the tables work on it: 553 validation queries against 4,425 training rows, 553 test queries against these and the
/// validation rows (4,978), of 768 numbers; all k ≤ 32 and all α; three selections.
/// </summary>
public static class RetrievalBench
{
    private const int Queries = 553;
    private const int Stored = 4978;
    internal const int Dimension = 768;
    private const int K = 32;
    private const int Classes = 4;
    private const int Runs = 5;
    private const int Folds = 10;
    private const int Redraws = 201;

    /// <summary>Times searches, selections and redrawing on clustered rows that are the same on every machine.</summary>
    public static RetrievalTimes Run()
    {
        float[] stored = Rows(Stored, 1);
        float[] training = stored[..^(Queries * Dimension)];
        float[] validation = stored[training.Length..];
        float[] test = Rows(Queries, 2);
        var times = new List<(double Seconds, double Processor, double Test, double Validation, double Sweep, double Softmax)>();
        var (asked, chosen) = ((Asked?)null, (Chosen?)null);
        for (int run = -1; run < Runs; run++)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            var search = Timed(() => new Asked(Answers(NeighbourSearch.Find(test, stored, Dimension, K)), 1));
            var choosing = Timed(() => new Asked(Answers(NeighbourSearch.Find(validation, training, Dimension, K), Stored - Queries), 1));
            var sweep = Timed(() => Selections(choosing.Result, search.Result, Weightings.Uniform));
            process.Refresh();
            double processor = (process.TotalProcessorTime - before).TotalSeconds;
            var softmax = Timed(() => (Selections(choosing.Result, search.Result, Weightings.SoftmaxD), Selections(choosing.Result, search.Result, Weightings.SoftmaxD2)));
            (asked, chosen) = (search.Result, sweep.Result);
            if (run >= 0)
            {
                times.Add((search.Seconds + choosing.Seconds + sweep.Seconds, processor, search.Seconds, choosing.Seconds, sweep.Seconds, softmax.Seconds));
            }
        }

        var (redraw, most, utterances) = Redrawing(asked!);
        return new RetrievalTimes(
            Median(times.Select(time => time.Seconds)), Median(times.Select(time => time.Processor)), Median(times.Select(time => time.Test)),
            Median(times.Select(time => time.Validation)), Median(times.Select(time => time.Sweep)), Median(times.Select(time => time.Softmax)),
            redraw, most, Queries, Stored, Dimension, K, utterances, chosen!.K, chosen.Alpha);
    }

    // What a table does for one arm of one fold.
    private static Chosen Selections(Asked validation, Asked test, string weighting)
    {
        var settings = new RetrievalSettings();
        Chosen[] chosen = [.. ((Asked[])[validation, validation, test]).Select(asked => Selector.Choose([asked], Classes, weighting, settings))];
        foreach (var choice in chosen)
        {
            Array.ForEach(choice.Probabilities(test), p => Interpolation.Winner(p));
        }

        return chosen[0];
    }

    private static (double Seconds, double Most, int Utterances) Redrawing(Asked asked)
    {
        // Arrays of its own for each fold, as if they had been read from as many files.
        Asked[] folds = [.. Enumerable.Range(0, Folds).Select(fold => asked with { Queries = Copy(asked.Queries, fold == 0 ? 1 : 0) })];
        var redraw = new Redraw(folds, Classes);
        double[] random = new double[Redraws];
        double[] most = new double[Redraws];
        for (int i = -Redraws; i < Redraws; i++)
        {
            int k = 1 + (int)((Noise(4, i) + 1) / 2 * K);
            double alpha = (Noise(5, i) + 1) / 2;
            string weighting = Weightings.All[(i + Redraws) % Weightings.All.Count];
            double one = Timed(() => redraw.At(k, alpha, weighting, 1)).Seconds;
            double all = Timed(() => redraw.At(K, alpha, Weightings.SoftmaxD2, 1)).Seconds;
            if (i >= 0)
            {
                (random[i], most[i]) = (one, all);
            }
        }

        return (Median(random), Median(most), folds.Sum(fold => fold.Queries.Count));
    }

    private static QuerySet Copy(QuerySet queries, int more)
    {
        int[] rows = [.. Enumerable.Range(0, queries.Count), .. Enumerable.Range(0, more)];
        return new QuerySet(
            rows, [.. rows.Select(row => queries.Speaker[row])], [.. rows.Select(row => queries.Truth[row])],
            [.. rows.Select(row => queries.Probabilities[row].ToArray())], [.. rows.Select(row => queries.NeighbourUtterance[row].ToArray())],
            [.. rows.Select(row => queries.NeighbourClass[row].ToArray())], [.. rows.Select(row => queries.NeighbourDistance[row].ToArray())]);
    }

    private static (T Result, double Seconds) Timed<T>(Func<T> work)
    {
        long begun = Stopwatch.GetTimestamp();
        var result = work();
        return (result, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    // Row r is of class r mod 4, on every side. The first row of the validation side is the 4,426th of the store, of class 1.
    private static QuerySet Answers(Neighbours found, int first = 0) => new(
        [.. Enumerable.Range(0, Queries)],
        [.. Enumerable.Repeat("speaker", Queries)],
        [.. Enumerable.Range(first, Queries).Select(row => row % Classes)],
        [.. Enumerable.Range(first, Queries).Select(Model)],
        found.Index,
        Array.ConvertAll(found.Index, row => Array.ConvertAll(row, stored => stored % Classes)),
        found.Distance);

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

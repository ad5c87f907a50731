using System.Diagnostics;
using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Learning.Retrieval;

namespace Ser.Bench.Learning;

/// <summary>
/// Times of the retrieval benchmark: medians of five runs after a warm-up. Processor seconds are summed over threads, and hardly depend on
/// the machine's other load.
/// </summary>
/// <param name="Seconds">Wall time of both searches and the three selections.</param>
/// <param name="ProcessorSeconds">Processor time of the same work.</param>
/// <param name="NeighbourSeconds">Wall time of the search of test queries in training and validation rows.</param>
/// <param name="ValidationNeighbourSeconds">Wall time of the search of validation queries in training rows.</param>
/// <param name="SweepSeconds">
/// Wall time of pooled validation, fold validation and test oracle: WA and UA for every k and every α, and the predictions of each choice
/// for the test queries.
/// </param>
/// <param name="SoftmaxSeconds">
/// Wall time of the same for both softmax weightings, each with three temperatures; not part of <paramref name="Seconds"/>.
/// </param>
/// <param name="RedrawSeconds">
/// Wall time of computing ten folds' confusions, WA and UA for one (k, α, weighting, T): the median over random settings.
/// </param>
/// <param name="RedrawMostSeconds">The same for the most expensive setting, softmax votes of all neighbours.</param>
/// <param name="Queries">Number of test queries, which is also that of validation queries.</param>
/// <param name="Stored">Number of training and validation rows.</param>
/// <param name="Dimension">Length of a row.</param>
/// <param name="K">Largest k. All k from 1 are swept.</param>
/// <param name="RedrawnUtterances">Number of utterances of the ten folds.</param>
/// <param name="ChosenK">k chosen on validation. It is returned so that the work cannot be optimised away.</param>
/// <param name="ChosenAlpha">α chosen on validation.</param>
public sealed record RetrievalTimes(
    double Seconds,
    double ProcessorSeconds,
    double NeighbourSeconds,
    double ValidationNeighbourSeconds,
    double SweepSeconds,
    double SoftmaxSeconds,
    double RedrawSeconds,
    double RedrawMostSeconds,
    int Queries,
    int Stored,
    int Dimension,
    int K,
    int RedrawnUtterances,
    int ChosenK,
    double ChosenAlpha);

/// <summary>
/// Benchmarks the Evaluate stage and the tables for a fold of IEMOCAP's size: 553 validation queries in 4,425 training rows and 553 test
/// queries in these and the validation rows (4,978), with 768 numbers each, for all k ≤ 32, all α and three selections.
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
        var times = new List<RunTimes>();
        var (testQueries, chosen) = ((FoldQueries?)null, (RetrievalChoice?)null);
        for (int run = -1; run < Runs; run++)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            var testSearch = Timed(() => new FoldQueries(Answers(NeighbourSearch.Find(test, stored, Dimension, K)), 1));
            const int first = Stored - Queries;
            FoldQueries SearchValidation() => new(Answers(NeighbourSearch.Find(validation, training, Dimension, K), first), 1);
            var validationSearch = Timed(SearchValidation);
            RetrievalChoice Select(string weighting) => Selections(validationSearch.Result, testSearch.Result, weighting);
            var sweep = Timed(() => Select(Weightings.Uniform));
            process.Refresh();
            double processor = (process.TotalProcessorTime - before).TotalSeconds;
            var softmax = Timed(() => (Select(Weightings.SoftmaxD), Select(Weightings.SoftmaxD2)));
            (testQueries, chosen) = (testSearch.Result, sweep.Result);
            if (run >= 0)
            {
                times.Add(new(processor, testSearch.Seconds, validationSearch.Seconds, sweep.Seconds, softmax.Seconds));
            }
        }

        double MedianOf(Func<RunTimes, double> seconds) => Median(times.Select(seconds));
        var redraw = TimeRedraw(testQueries!);
        return new RetrievalTimes(
            MedianOf(time => time.TestSearch + time.ValidationSearch + time.Sweep),
            MedianOf(time => time.Processor),
            MedianOf(time => time.TestSearch),
            MedianOf(time => time.ValidationSearch),
            MedianOf(time => time.Sweep),
            MedianOf(time => time.Softmax),
            redraw.Seconds,
            redraw.WorstCaseSeconds,
            Queries,
            Stored,
            Dimension,
            K,
            redraw.Utterances,
            chosen!.K,
            chosen.Alpha);
    }

    // The work of a table for one arm of one fold.
    private static RetrievalChoice Selections(FoldQueries validation, FoldQueries test, string weighting)
    {
        var settings = new RetrievalSettings();
        FoldQueries[] selections = [validation, validation, test];
        RetrievalChoice[] chosen = [.. selections.Select(queries => Selector.Choose([queries], Classes, weighting, settings))];
        foreach (var choice in chosen)
        {
            Array.ForEach(choice.Probabilities(test), p => Interpolation.MostProbableClass(p));
        }

        return chosen[0];
    }

    private static RedrawTimes TimeRedraw(FoldQueries testQueries)
    {
        // Each fold has its own arrays, as if it had been read from its own file.
        FoldQueries CopyFold(int fold) => testQueries with { Queries = Copy(testQueries.Queries, fold == 0 ? 1 : 0) };
        FoldQueries[] folds = [.. Enumerable.Range(0, Folds).Select(CopyFold)];
        var evaluator = new ArmEvaluator(folds, Classes);
        double[] random = new double[Redraws];
        double[] worstCase = new double[Redraws];
        for (int i = -Redraws; i < Redraws; i++)
        {
            int k = 1 + (int)((Noise(4, i) + 1) / 2 * K);
            double alpha = (Noise(5, i) + 1) / 2;
            string weighting = Weightings.All[(i + Redraws) % Weightings.All.Count];
            double randomSeconds = Timed(() => evaluator.Evaluate(k, alpha, weighting, 1)).Seconds;
            double worstCaseSeconds = Timed(() => evaluator.Evaluate(K, alpha, Weightings.SoftmaxD2, 1)).Seconds;
            if (i >= 0)
            {
                (random[i], worstCase[i]) = (randomSeconds, worstCaseSeconds);
            }
        }

        return new RedrawTimes(Median(random), Median(worstCase), folds.Sum(fold => fold.Queries.Count));
    }

    private static QuerySet Copy(QuerySet queries, int repeated)
    {
        int[] rows = [.. Enumerable.Range(0, queries.Count), .. Enumerable.Range(0, repeated)];
        return new QuerySet(
            rows,
            [.. rows.Select(row => queries.Speaker[row])],
            [.. rows.Select(row => queries.Truth[row])],
            [.. rows.Select(row => queries.Probabilities[row].ToArray())],
            [.. rows.Select(row => queries.NeighbourUtterance[row].ToArray())],
            [.. rows.Select(row => queries.NeighbourClass[row].ToArray())],
            [.. rows.Select(row => queries.NeighbourDistance[row].ToArray())]);
    }

    private static Measurement<T> Timed<T>(Func<T> work)
    {
        long started = Stopwatch.GetTimestamp();
        var result = work();
        return new(result, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // Row r has class r mod 4 among training, validation and test rows. The first validation row is row 4,425 of the store, of class 1.
    private static QuerySet Answers(Neighbours found, int first = 0) => new(
        [.. Enumerable.Range(0, Queries)],
        [.. Enumerable.Repeat("speaker", Queries)],
        [.. Enumerable.Range(first, Queries).Select(row => row % Classes)],
        [.. Enumerable.Range(first, Queries).Select(Model)],
        found.Index,
        Array.ConvertAll(found.Index, row => Array.ConvertAll(row, stored => stored % Classes)),
        found.Distance);

    // Probabilities of a model that predicts about 70 % of the queries correctly.
    private static double[] Model(int query)
    {
        double Logit(int c) => (c == query % Classes ? 1 : 0) + Noise(3, (query * Classes) + c);
        double[] p = [.. Enumerable.Range(0, Classes).Select(c => Math.Exp(Logit(c)))];
        double sum = p.Sum();
        return Array.ConvertAll(p, value => value / sum);
    }

    // Row r belongs to cluster r mod 4. Clusters overlap, and all rows share an offset, as pooled embeddings do.
    internal static float[] Rows(int rows, ulong seed, double clusterDistance = 0.06)
    {
        float[] values = new float[rows * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            int row = i / Dimension;
            int column = i % Dimension;
            double cluster = Noise(8, ((row % Classes) * Dimension) + column);
            values[i] = (float)(Noise(7, column) + (clusterDistance * cluster) + (0.5 * Noise(seed, i)));
        }

        return values;
    }

    // Pseudo-random numbers between -1 and 1: splitmix64 of a counter.
    private static double Noise(ulong seed, int counter)
    {
        ulong z = (seed << 40) + ((ulong)counter * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (2.0 / (1UL << 53)) - 1;
    }

    private sealed record Measurement<T>(T Result, double Seconds);

    private sealed record RunTimes(double Processor, double TestSearch, double ValidationSearch, double Sweep, double Softmax);

    private sealed record RedrawTimes(double Seconds, double WorstCaseSeconds, int Utterances);
}

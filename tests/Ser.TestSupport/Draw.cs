using Ser.Domain.Results;
using Ser.Domain.Selection;

namespace Ser.TestSupport;

/// <summary>Draws pseudo-random queries that are the same in every run.</summary>
public sealed class Draw(ulong seed)
{
    private ulong _state = seed;

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Random queries. Where <paramref name="coarse"/>, probabilities and break points are often equal.</summary>
    public QuerySet Queries(int count, int classes, int k, string speaker = "a", bool coarse = false)
    {
        int[] truth = [.. Enumerable.Range(0, count).Select(_ => Below(classes))];
        double[][] model = [.. truth.Select(t => Model(classes, t, coarse))];
        int[][] neighbourClass = [.. truth.Select(t => Enumerable.Range(0, k).Select(_ => Unit() < 0.4 ? t : Below(classes)).ToArray())];
        double[][] distance = [.. truth.Select(_ => Enumerable.Range(0, k).Select(_ => coarse ? Below(4) : 3 * Unit()).Order().ToArray())];
        return new QuerySet(
            [.. Enumerable.Range(0, count)], [.. Enumerable.Repeat(speaker, count)], truth, model,
            Array.ConvertAll(neighbourClass, row => Enumerable.Range(0, row.Length).ToArray()), neighbourClass, distance);
    }

    public FoldQueries Ask(int count, int classes, int k, bool coarse = false) => new(Queries(count, classes, k, "a", coarse), 1.3);

    private double[] Model(int classes, int truth, bool coarse)
    {
        double[] p = [.. Enumerable.Range(0, classes).Select(c => (coarse ? 1 + Below(4) : Unit()) + (c == truth ? 0.3 : 0))];
        double sum = p.Sum();
        return Array.ConvertAll(p, value => value / sum);
    }

    private ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

using Ser.Domain.Selection;

namespace Ser.Domain.Tests.Selection;

/// <summary>
/// Finds the best k and α by trying the middle between any two neighbouring crossings of any two classes of any query, with plain
/// loops and independent code for the measures. UA is a decimal, compared with a tolerance for its rounding.
/// </summary>
internal static class BruteForce
{
    private const decimal Same = 1e-18m;

    internal sealed record Answer(decimal Ua, int Right, double Low, double High, int K, double? Factor);

    internal static Answer Best(IReadOnlyList<FoldQueries> asked, int classes, string weighting, IReadOnlyList<int> ks)
    {
        Answer? best = null;
        foreach (double? factor in Weightings.TemperatureFactors(weighting))
        {
            foreach (int k in ks)
            {
                foreach (var next in Intervals(asked, classes, weighting, k, factor))
                {
                    best = best is null || Beats(next, best) ? next : best;
                }
            }
        }

        return best!;
    }

    private static bool Beats(Answer a, Answer b)
    {
        if (Math.Abs(a.Ua - b.Ua) > Same)
        {
            return a.Ua > b.Ua;
        }

        if (a.Right != b.Right)
        {
            return a.Right > b.Right;
        }

        double wider = a.High - a.Low - (b.High - b.Low);
        return wider > 1e-9 || (Math.Abs(wider) <= 1e-9 && a.K < b.K);
    }

    private static List<Answer> Intervals(IReadOnlyList<FoldQueries> asked, int classes, string weighting, int k, double? factor)
    {
        var rows = (from fold in asked
                    from query in Enumerable.Range(0, fold.Queries.Count)
                    let truth = fold.Queries.Truth[query]
                    let model = fold.Queries.Probabilities[query]
                    let votes = Vote(fold, query, k, weighting, factor, classes)
                    select (Truth: truth, Model: model, Votes: votes)).ToList();
        var points = new List<double> { 0, 1 };
        foreach (var (_, m, v) in rows)
        {
            for (int a = 0; a < classes; a++)
            {
                for (int b = 0; b < a; b++)
                {
                    double crossing = (m[a] - m[b]) / (m[a] - m[b] - (v[a] - v[b]));
                    if (crossing > 1e-9 && crossing < 1 - 1e-9)
                    {
                        points.Add(crossing);
                    }
                }
            }
        }

        points.Sort();
        var found = new List<Answer>();
        double low = 0;
        foreach (double high in points.Skip(1))
        {
            if (high - low < 1e-9)
            {
                continue;
            }

            double alpha = (low + high) / 2;
            int[] right = new int[classes], size = new int[classes];
            foreach (var (truth, m, v) in rows)
            {
                int winner = 0;
                for (int c = 1; c < classes; c++)
                {
                    // The tolerance covers scores that are equal along the whole interval and differ only by rounding.
                    if ((alpha * v[c]) + ((1 - alpha) * m[c]) > (alpha * v[winner]) + ((1 - alpha) * m[winner]) + 1e-14)
                    {
                        winner = c;
                    }
                }

                size[truth]++;
                right[truth] += winner == truth ? 1 : 0;
            }

            decimal ua = Enumerable.Range(0, classes).Where(c => size[c] > 0).Average(c => (decimal)right[c] / size[c]);
            if (found.Count > 0 && Math.Abs(found[^1].Ua - ua) <= Same && found[^1].Right == right.Sum())
            {
                found[^1] = found[^1] with { High = high };
            }
            else
            {
                found.Add(new Answer(ua, right.Sum(), low, high, k, factor));
            }

            low = high;
        }

        return found;
    }

    private static double[] Vote(FoldQueries asked, int query, int k, string weighting, double? factor, int classes)
    {
        double[] p = new double[classes];
        double t = (factor ?? 1) * asked.MedianDistance;
        for (int j = 0; j < k; j++)
        {
            double d = asked.Queries.NeighbourDistance[query][j];
            p[asked.Queries.NeighbourClass[query][j]] += weighting == "uniform" ? 1 : Math.Exp(-(weighting == "softmax-d" ? d : d * d) / t);
        }

        double sum = p.Sum();
        return Array.ConvertAll(p, value => value / sum);
    }
}

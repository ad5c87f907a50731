using Ser.Domain.Experiments;

namespace Ser.Domain.Selection;

/// <summary>
/// Chooses k, α and temperature on a set of queries. The best has the highest UA, then the highest WA, then the widest interval of α, then the
/// smallest k (then the first temperature). UA is compared in whole numbers.
/// </summary>
public static class Selector
{
    /// <summary>The best interpolation of model and neighbours (eq. 4).</summary>
    /// <param name="asked">Queries of one fold or of several; they are pooled.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="weighting">A name of <see cref="Weightings.All"/>.</param>
    /// <param name="settings">Every k that is tried; every α, or null for the best over all of (0, 1), found exactly.</param>
    /// <exception cref="InputException">A k has too few neighbours, an α lies outside [0, 1], or there is no such weighting.</exception>
    public static Chosen Choose(IReadOnlyList<Asked> asked, int classes, string weighting, RetrievalSettings settings) =>
        settings.Alpha is null ? Exact(asked, classes, weighting, settings.K) : Listed(asked, classes, weighting, settings.K, settings.Alpha);

    /// <summary>The best k of the neighbours alone (α = 1).</summary>
    public static Chosen NeighboursAlone(IReadOnlyList<Asked> asked, int classes, string weighting, RetrievalSettings settings) =>
        Listed(asked, classes, weighting, settings.K, [1]);

    private static Chosen Exact(IReadOnlyList<Asked> asked, int classes, string weighting, IReadOnlyList<int> k)
    {
        Prepare(asked, k);
        var scale = Scale.Of(asked, classes);
        int queries = asked.Sum(fold => fold.Queries.Count);
        Candidate? best = null;
        foreach (double? factor in Weightings.TemperatureFactors(weighting))
        {
            Sweep[] sweeps = [.. k.Select(_ => new Sweep(classes, queries))];
            EveryVote(asked, classes, weighting, factor, k, (slot, truth, model, votes) =>
            {
                var (low, high) = Interpolation.TrueWins(model, votes, truth);
                sweeps[slot].Add(truth, low, high);
            });
            for (int slot = 0; slot < sweeps.Length; slot++)
            {
                var (merit, low, high) = sweeps[slot].Best(scale);
                best = Better(best, new Candidate(merit, low, high, k[slot], factor));
            }
        }

        return best!.Chosen(weighting, scale);
    }

    private static Chosen Listed(IReadOnlyList<Asked> asked, int classes, string weighting, IReadOnlyList<int> k, IReadOnlyList<double> alphas)
    {
        if (alphas.Count == 0 || alphas.Any(alpha => !(alpha >= 0 && alpha <= 1)))
        {
            throw new InputException($"retrieval.alpha: [{string.Join(", ", alphas)}] must be 'exact' or a list of numbers from 0 to 1");
        }

        Prepare(asked, k);
        var scale = Scale.Of(asked, classes);
        Candidate? best = null;
        double[] p = new double[classes];
        foreach (double? factor in Weightings.TemperatureFactors(weighting))
        {
            int[][][] right = [.. k.Select(_ => alphas.Select(_ => new int[classes]).ToArray())];
            EveryVote(asked, classes, weighting, factor, k, (slot, truth, model, votes) =>
            {
                for (int a = 0; a < alphas.Count; a++)
                {
                    Interpolation.Fill(model, votes, alphas[a], p);
                    right[slot][a][truth] += Interpolation.Winner(p) == truth ? 1 : 0;
                }
            });
            for (int slot = 0; slot < right.Length; slot++)
            {
                for (int a = 0; a < alphas.Count; a++)
                {
                    best = Better(best, new Candidate(scale.Merit(right[slot][a]), alphas[a], alphas[a], k[slot], factor));
                }
            }
        }

        return best!.Chosen(weighting, scale);
    }

    private static void Prepare(IReadOnlyList<Asked> asked, IReadOnlyList<int> k)
    {
        if (asked.Sum(fold => fold.Queries.Count) == 0)
        {
            throw new ArgumentException("there are no queries to choose on", nameof(asked));
        }

        Votes.Check(asked, k);
    }

    private static Candidate Better(Candidate? best, Candidate next)
    {
        if (best is null)
        {
            return next;
        }

        int order = next.Merit.CompareTo(best.Merit);
        double wider = next.High - next.Low - (best.High - best.Low);
        bool smaller = Math.Abs(wider) <= Interpolation.Resolution && next.K < best.K;
        return order > 0 || (order == 0 && (wider > Interpolation.Resolution || smaller)) ? next : best;
    }

    private delegate void Vote(int slot, int truth, ReadOnlySpan<double> model, ReadOnlySpan<double> votes);

    // One pass over a query's neighbours serves every k: the sums for k begin with those for k-1.
    private static void EveryVote(IReadOnlyList<Asked> asked, int classes, string weighting, double? factor, IReadOnlyList<int> k, Vote vote)
    {
        int most = k.Max();
        int[] slots = new int[most + 1];
        Array.Fill(slots, -1);
        for (int slot = 0; slot < k.Count; slot++)
        {
            slots[k[slot]] = slot;
        }

        double[] weights = new double[most];
        double[] sums = new double[classes];
        double[] votes = new double[classes];
        foreach (var (queries, median) in asked)
        {
            for (int query = 0; query < queries.Count; query++)
            {
                Weightings.Fill(weighting, queries.NeighbourDistance[query].AsSpan(0, most), (factor ?? 0) * median, weights);
                Array.Clear(sums);
                double all = 0;
                for (int j = 0; j < most; j++)
                {
                    sums[queries.NeighbourClass[query][j]] += weights[j];
                    all += weights[j];
                    if (slots[j + 1] < 0)
                    {
                        continue;
                    }

                    for (int c = 0; c < classes; c++)
                    {
                        votes[c] = sums[c] / all;
                    }

                    vote(slots[j + 1], queries.Truth[query], queries.Probabilities[query], votes);
                }
            }
        }
    }

    private sealed record Candidate(Merit Merit, double Low, double High, int K, double? Factor)
    {
        public Chosen Chosen(string weighting, Scale scale) =>
            new(weighting, K, (Low + High) / 2, Factor, Low, High, scale.Wa(Merit), scale.Ua(Merit));
    }
}

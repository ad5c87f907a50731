using Ser.Domain.Experiments;

namespace Ser.Domain.Selection;

/// <summary>
/// Chooses k, α and temperature on a set of queries: the highest UA, then the highest WA, then the widest interval of α, then the
/// smallest k, then the first temperature. UA is compared in whole numbers, so rounding cannot affect the choice.
/// </summary>
public static class Selector
{
    /// <summary>Chooses the best interpolation of model and neighbours (eq. 4).</summary>
    /// <param name="folds">Queries of one or more folds, which are pooled.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="weighting">A name of <see cref="Weightings.All"/>.</param>
    /// <param name="settings">Values of k and α to try. If α is null, the exact optimum over (0, 1) is found.</param>
    /// <exception cref="InputException">A k has too few neighbours, an α lies outside [0, 1], or there is no such weighting.</exception>
    public static RetrievalChoice Choose(IReadOnlyList<FoldQueries> folds, int classes, string weighting, RetrievalSettings settings) =>
        settings.Alpha is { } alphas
            ? ChooseAmong(folds, classes, weighting, settings.K, alphas)
            : ChooseExactly(folds, classes, weighting, settings.K);

    /// <summary>Chooses the best k for the neighbours only (α = 1).</summary>
    public static RetrievalChoice ChooseNeighboursOnly(
        IReadOnlyList<FoldQueries> folds, int classes, string weighting, RetrievalSettings settings) =>
        ChooseAmong(folds, classes, weighting, settings.K, [1]);

    private static RetrievalChoice ChooseExactly(IReadOnlyList<FoldQueries> folds, int classes, string weighting, IReadOnlyList<int> k)
    {
        RejectInvalid(folds, k);
        var scale = MeritScale.FromQueries(folds, classes);
        int queries = folds.Sum(fold => fold.Queries.Count);
        Candidate? best = null;
        foreach (double? factor in Weightings.TemperatureFactors(weighting))
        {
            AlphaSweep[] sweeps = [.. k.Select(_ => new AlphaSweep(classes, queries))];
            ForEachVote(folds, classes, weighting, factor, k, (slot, truth, model, votes) =>
            {
                sweeps[slot].Add(truth, Interpolation.FindWinningAlphas(model, votes, truth));
            });
            for (int slot = 0; slot < sweeps.Length; slot++)
            {
                var (merit, alphas) = sweeps[slot].Best(scale);
                best = Better(best, new Candidate(merit, alphas, k[slot], factor));
            }
        }

        return best!.Chosen(weighting, scale);
    }

    private static RetrievalChoice ChooseAmong(
        IReadOnlyList<FoldQueries> folds,
        int classes,
        string weighting,
        IReadOnlyList<int> k,
        IReadOnlyList<double> alphas)
    {
        if (alphas.Count == 0 || alphas.Any(alpha => !(alpha >= 0 && alpha <= 1)))
        {
            throw new InputException($"retrieval.alpha: [{string.Join(", ", alphas)}] must be 'exact' or a list of numbers from 0 to 1");
        }

        RejectInvalid(folds, k);
        var scale = MeritScale.FromQueries(folds, classes);
        Candidate? best = null;
        double[] p = new double[classes];
        foreach (double? factor in Weightings.TemperatureFactors(weighting))
        {
            int[][][] right = [.. k.Select(_ => alphas.Select(_ => new int[classes]).ToArray())];
            ForEachVote(folds, classes, weighting, factor, k, (slot, truth, model, votes) =>
            {
                for (int a = 0; a < alphas.Count; a++)
                {
                    Interpolation.Fill(model, votes, alphas[a], p);
                    right[slot][a][truth] += Interpolation.MostProbableClass(p) == truth ? 1 : 0;
                }
            });
            for (int slot = 0; slot < right.Length; slot++)
            {
                for (int a = 0; a < alphas.Count; a++)
                {
                    var alpha = new AlphaInterval(alphas[a], alphas[a]);
                    best = Better(best, new Candidate(scale.Merit(right[slot][a]), alpha, k[slot], factor));
                }
            }
        }

        return best!.Chosen(weighting, scale);
    }

    private static void RejectInvalid(IReadOnlyList<FoldQueries> folds, IReadOnlyList<int> k)
    {
        if (folds.Sum(fold => fold.Queries.Count) == 0)
        {
            throw new ArgumentException("there are no queries to choose on", nameof(folds));
        }

        Votes.RejectInvalidK(folds, k);
    }

    private static Candidate Better(Candidate? best, Candidate next)
    {
        if (best is null)
        {
            return next;
        }

        int order = next.Merit.CompareTo(best.Merit);
        double wider = next.Alphas.Width - best.Alphas.Width;
        bool smaller = Math.Abs(wider) <= Interpolation.Resolution && next.K < best.K;
        return order > 0 || (order == 0 && (wider > Interpolation.Resolution || smaller)) ? next : best;
    }

    private delegate void VoteHandler(int slot, int truth, ReadOnlySpan<double> model, ReadOnlySpan<double> votes);

    // A single pass over a query's neighbours yields the votes for every k, because the sums for k extend those for k - 1.
    private static void ForEachVote(
        IReadOnlyList<FoldQueries> folds,
        int classes,
        string weighting,
        double? factor,
        IReadOnlyList<int> k,
        VoteHandler handle)
    {
        int maxK = k.Max();
        int[] slots = new int[maxK + 1];
        Array.Fill(slots, -1);
        for (int slot = 0; slot < k.Count; slot++)
        {
            slots[k[slot]] = slot;
        }

        double[] weights = new double[maxK];
        double[] sums = new double[classes];
        double[] votes = new double[classes];
        foreach (var (queries, median) in folds)
        {
            for (int query = 0; query < queries.Count; query++)
            {
                Weightings.Fill(weighting, queries.NeighbourDistance[query].AsSpan(0, maxK), (factor ?? 0) * median, weights);
                Array.Clear(sums);
                double all = 0;
                for (int j = 0; j < maxK; j++)
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

                    handle(slots[j + 1], queries.Truth[query], queries.Probabilities[query], votes);
                }
            }
        }
    }

    private sealed record Candidate(Merit Merit, AlphaInterval Alphas, int K, double? Factor)
    {
        public RetrievalChoice Chosen(string weighting, MeritScale scale) =>
            new(weighting, K, (Alphas.Low + Alphas.High) / 2, Factor, Alphas.Low, Alphas.High, scale.Wa(Merit), scale.Ua(Merit));
    }
}

using Ser.Domain.Experiments;
using Ser.Domain.Randomness;
using Ser.Learning.Retrieval;

namespace Ser.Learning.Projection;

/// <summary>
/// The symmetrised joint probabilities p_ij of t-SNE (van der Maaten and Hinton 2008) as sparse rows: p_ij = (p_j|i + p_i|j) / 2n, where p_j|i is a Gaussian
/// of the distance around i whose width gives every row the same perplexity. They sum to 1.
/// </summary>
public sealed class JointProbabilities
{
    private const int MostBisections = 200;
    private const double Precision = 1e-10;
    private readonly int[] starts;
    private readonly int[] columns;
    private readonly double[] values;

    private JointProbabilities(double perplexity, int[] starts, int[] columns, double[] values)
    {
        Perplexity = perplexity;
        this.starts = starts;
        this.columns = columns;
        this.values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Count => starts.Length - 1;

    /// <summary>The perplexity that was used: a third of the other rows where they are fewer than three times what was asked for.</summary>
    public double Perplexity { get; }

    /// <summary>Rows that have a probability with row <paramref name="i"/>, ascending.</summary>
    public ReadOnlySpan<int> Columns(int i) => columns.AsSpan(starts[i], starts[i + 1] - starts[i]);

    /// <summary>p_ij of the same rows.</summary>
    public ReadOnlySpan<double> Values(int i) => values.AsSpan(starts[i], starts[i + 1] - starts[i]);

    /// <summary>What t-SNE works with: exact neighbours, three times the perplexity.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="perplexity">At least 1.</param>
    /// <param name="threads">Threads; they do not change the result.</param>
    /// <exception cref="ArgumentException">The values do not make rows, one is not finite, or the perplexity is below 1.</exception>
    public static JointProbabilities Of(float[] x, int dimension, double perplexity, int threads = 1)
    {
        double used = ProjectionSettings.UsablePerplexity(perplexity, x.Length / dimension);
        return Of(x, dimension, used, (int)Math.Ceiling(3 * used) + 1, threads);
    }

    /// <summary>All pairs, not neighbours alone: the objective of the first paper, of quadratic size.</summary>
    public static JointProbabilities Dense(float[] x, int dimension, double perplexity, int threads = 1) =>
        Of(x, dimension, ProjectionSettings.UsablePerplexity(perplexity, x.Length / dimension), int.MaxValue, threads);

    private static JointProbabilities Of(float[] x, int dimension, double perplexity, int neighbours, int threads)
    {
        int rows = x.Length / dimension;
        int k = Math.Min(neighbours, rows - 1);
        var (near, distance) = NeighbourSearch.Find(x, x, dimension, k + 1);
        double[][] conditional = new double[rows][];
        Rows.For(rows, threads, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                (near[i], conditional[i]) = Row(i, near[i], distance[i], perplexity);
            }
        });
        return Symmetrised(perplexity, near, conditional);
    }

    // Drops the row itself. Where more than k rows are equal it may be missing among the nearest; then the last one goes.
    private static (int[] Near, double[] P) Row(int i, int[] near, double[] distance, double perplexity)
    {
        int self = Array.IndexOf(near, i);
        self = self < 0 ? near.Length - 1 : self;
        int[] others = [.. near[..self], .. near[(self + 1)..]];
        double[] squares = [.. distance[..self], .. distance[(self + 1)..]];
        for (int j = 0; j < squares.Length; j++)
        {
            squares[j] *= squares[j];
        }

        double[] p = Conditional(squares, perplexity);
        Array.Sort(others, p);
        return (others, p);
    }

    /// <summary>p_j|i ∝ exp(-β d²) with the β whose entropy is the logarithm of the perplexity, by bisection.</summary>
    /// <param name="squares">Squared distances, ascending.</param>
    /// <param name="perplexity">Wanted.</param>
    internal static double[] Conditional(double[] squares, double perplexity)
    {
        double[] p = new double[squares.Length];
        if (p.Length == 0)
        {
            return p;
        }

        double nearest = squares[0], mean = 0;
        foreach (double square in squares)
        {
            mean += (square - nearest) / squares.Length;
        }

        double target = Exact.Log(perplexity), low = 0, high = double.PositiveInfinity;
        double beta = mean > 0 ? 1 / mean : 1;
        for (int step = 0; ; step++)
        {
            double sum = 0, weighted = 0;
            for (int j = 0; j < p.Length; j++)
            {
                double exponent = beta * (squares[j] - nearest);
                p[j] = exponent < 700 ? Exact.Exp(-exponent) : 0;
                sum += p[j];
                weighted += p[j] * Math.Min(exponent, 700);
            }

            double excess = Exact.Log(sum) + (weighted / sum) - target;
            if (Math.Abs(excess) < Precision || step == MostBisections || mean == 0)
            {
                for (int j = 0; j < p.Length; j++)
                {
                    p[j] /= sum;
                }

                return p;
            }

            if (excess > 0)
            {
                low = beta;
                beta = double.IsInfinity(high) ? beta * 2 : (low + high) / 2;
            }
            else
            {
                high = beta;
                beta = low == 0 ? beta / 2 : (low + high) / 2;
            }
        }
    }

    private static JointProbabilities Symmetrised(double perplexity, int[][] near, double[][] conditional)
    {
        int rows = near.Length;
        var asked = new List<(int Row, double P)>[rows]; // who has row j among its neighbours, ascending
        for (int j = 0; j < rows; j++)
        {
            asked[j] = [];
        }

        for (int i = 0; i < rows; i++)
        {
            for (int a = 0; a < near[i].Length; a++)
            {
                asked[near[i][a]].Add((i, conditional[i][a]));
            }
        }

        int[] starts = new int[rows + 1];
        var columns = new List<int>();
        var values = new List<double>();
        for (int i = 0; i < rows; i++)
        {
            int a = 0, b = 0;
            while (a < near[i].Length || b < asked[i].Count)
            {
                int mine = a < near[i].Length ? near[i][a] : int.MaxValue;
                int theirs = b < asked[i].Count ? asked[i][b].Row : int.MaxValue;
                double p = mine <= theirs ? conditional[i][a++] : 0;
                p += theirs <= mine ? asked[i][b++].P : 0;
                columns.Add(Math.Min(mine, theirs));
                values.Add(p / (2.0 * rows));
            }

            starts[i + 1] = columns.Count;
        }

        return new JointProbabilities(perplexity, starts, [.. columns], [.. values]);
    }
}

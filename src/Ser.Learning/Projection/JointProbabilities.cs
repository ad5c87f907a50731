using Ser.Domain.Experiments;
using Ser.Domain.Randomness;
using Ser.Learning.Retrieval;

namespace Ser.Learning.Projection;

/// <summary>
/// The symmetric joint probabilities of t-SNE (van der Maaten and Hinton 2008) as sparse rows: p_ij = (p_j|i + p_i|j) / 2n, where p_j|i is
/// a Gaussian of the distance from i whose width gives every row the same perplexity. They sum to 1.
/// </summary>
public sealed class JointProbabilities
{
    private const int MaxBisections = 200;
    private const double Tolerance = 1e-10;
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly double[] _values;

    private JointProbabilities(double perplexity, int[] starts, int[] columns, double[] values)
    {
        Perplexity = perplexity;
        _starts = starts;
        _columns = columns;
        _values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The perplexity that was used: the requested one, but at most a third of the number of other rows.</summary>
    public double Perplexity { get; }

    /// <summary>Columns j of the entries p_ij of row <paramref name="i"/>, ascending.</summary>
    public ReadOnlySpan<int> Columns(int i) => _columns.AsSpan(_starts[i], _starts[i + 1] - _starts[i]);

    /// <summary>Values p_ij for the same columns.</summary>
    public ReadOnlySpan<double> Values(int i) => _values.AsSpan(_starts[i], _starts[i + 1] - _starts[i]);

    /// <summary>Computes the probabilities with the exact nearest neighbours of each row, three times as many as the perplexity.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="perplexity">At least 1.</param>
    /// <param name="threads">Number of threads; it does not change the result.</param>
    /// <exception cref="ArgumentException">The values do not form rows, one is not finite, or the perplexity is below 1.</exception>
    public static JointProbabilities FromNeighbours(float[] x, int dimension, double perplexity, int threads = 1)
    {
        double used = ProjectionSettings.UsablePerplexity(perplexity, x.Length / dimension);
        return Compute(x, dimension, used, (int)Math.Ceiling(3 * used) + 1, threads);
    }

    /// <summary>Computes the probabilities of all pairs, as in the original paper; the size is quadratic in the number of rows.</summary>
    public static JointProbabilities FromAllPairs(float[] x, int dimension, double perplexity, int threads = 1) =>
        Compute(x, dimension, ProjectionSettings.UsablePerplexity(perplexity, x.Length / dimension), int.MaxValue, threads);

    private static JointProbabilities Compute(float[] x, int dimension, double perplexity, int maxNeighbours, int threads)
    {
        int rows = x.Length / dimension;
        int k = Math.Min(maxNeighbours, rows - 1);
        var (neighbours, distance) = NeighbourSearch.Find(x, x, dimension, k + 1);
        double[][] conditional = new double[rows][];
        ParallelRows.For(rows, threads, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                (neighbours[i], conditional[i]) = ConditionalRow(i, neighbours[i], distance[i], perplexity);
            }
        });
        return Symmetrise(perplexity, neighbours, conditional);
    }

    // Removes the row itself from its neighbours. Where more than k rows are equal, it may not be among them; then the last one is removed.
    private static SparseRow ConditionalRow(int i, int[] neighbours, double[] distance, double perplexity)
    {
        int self = Array.IndexOf(neighbours, i);
        self = self < 0 ? neighbours.Length - 1 : self;
        int[] others = [.. neighbours[..self], .. neighbours[(self + 1)..]];
        double[] squares = [.. distance[..self], .. distance[(self + 1)..]];
        for (int j = 0; j < squares.Length; j++)
        {
            squares[j] *= squares[j];
        }

        double[] p = Conditional(squares, perplexity);
        Array.Sort(others, p);
        return new SparseRow(others, p);
    }

    private readonly record struct SparseRow(int[] Columns, double[] Values);

    /// <summary>p_j|i ∝ exp(-β d²), with the β for which the entropy is the logarithm of the perplexity, by bisection.</summary>
    /// <param name="squares">Squared distances, ascending.</param>
    /// <param name="perplexity">The target.</param>
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

        double target = PortableMath.Log(perplexity), low = 0, high = double.PositiveInfinity;
        double beta = mean > 0 ? 1 / mean : 1;
        for (int step = 0; ; step++)
        {
            double sum = 0, weighted = 0;
            for (int j = 0; j < p.Length; j++)
            {
                double exponent = beta * (squares[j] - nearest);
                p[j] = exponent < 700 ? PortableMath.Exp(-exponent) : 0;
                sum += p[j];
                weighted += p[j] * Math.Min(exponent, 700);
            }

            double excess = PortableMath.Log(sum) + (weighted / sum) - target;
            if (Math.Abs(excess) < Tolerance || step == MaxBisections || mean == 0)
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

    private static JointProbabilities Symmetrise(double perplexity, int[][] neighbours, double[][] conditional)
    {
        int rows = neighbours.Length;

        // For each row j, the rows i that have j among their neighbours, ascending.
        var reverseNeighbours = new List<(int Row, double P)>[rows];
        for (int j = 0; j < rows; j++)
        {
            reverseNeighbours[j] = [];
        }

        for (int i = 0; i < rows; i++)
        {
            for (int a = 0; a < neighbours[i].Length; a++)
            {
                reverseNeighbours[neighbours[i][a]].Add((i, conditional[i][a]));
            }
        }

        int[] starts = new int[rows + 1];
        var columns = new List<int>();
        var values = new List<double>();
        for (int i = 0; i < rows; i++)
        {
            int a = 0, b = 0;
            while (a < neighbours[i].Length || b < reverseNeighbours[i].Count)
            {
                int own = a < neighbours[i].Length ? neighbours[i][a] : int.MaxValue;
                int reverse = b < reverseNeighbours[i].Count ? reverseNeighbours[i][b].Row : int.MaxValue;
                double p = own <= reverse ? conditional[i][a++] : 0;
                p += reverse <= own ? reverseNeighbours[i][b++].P : 0;
                columns.Add(Math.Min(own, reverse));
                values.Add(p / (2.0 * rows));
            }

            starts[i + 1] = columns.Count;
        }

        return new JointProbabilities(perplexity, starts, [.. columns], [.. values]);
    }
}

using Ser.Domain.Randomness;

namespace Ser.Learning.Projection;

/// <summary>
/// t-SNE in the plane (van der Maaten and Hinton 2008) with exact neighbours and the optimiser of scikit-learn: momentum 0.5, then 0.8, a
/// gain for each coordinate, and early exaggeration. A map depends only on the rows and the options, not on the number of threads or the
/// processor.
/// </summary>
public static class TSne
{
    private const int MaxExaggerated = 250;
    private const int DivergenceInterval = 50; // iterations
    private const double StartDeviation = 1e-4; // standard deviation
    private const double MinGain = 0.01;
    private const double Negligible = 1e-12; // variance relative to that of the first component

    /// <summary>Computes a map.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="options">The options.</param>
    /// <param name="report">Called after every iteration.</param>
    /// <param name="stop">Cancels before the next iteration.</param>
    /// <exception cref="ArgumentException">The values do not form rows, one is not finite, or the perplexity is below 1.</exception>
    public static TSneMap Run(
        float[] x, int dimension, TSneOptions options, Action<TSneProgress>? report = null, CancellationToken stop = default)
    {
        var p = JointProbabilities.FromNeighbours(x, dimension, options.Perplexity, options.Threads);
        stop.ThrowIfCancellationRequested();
        var descent = new Descent(Start(x, dimension, options, stop), p, options);
        int exaggerated = Math.Min(MaxExaggerated, options.Iterations / 4);
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            stop.ThrowIfCancellationRequested();
            bool early = iteration < exaggerated;
            if (iteration == exaggerated)
            {
                descent.Reset();
            }

            descent.Step(early ? options.Exaggeration : 1, early ? 0.5 : 0.8, iteration % DivergenceInterval == 0);
            report?.Invoke(new TSneProgress(iteration + 1, options.Iterations, descent.Divergence));
        }

        double[] map = descent.Map();
        double divergence = p.Count > 1 ? TSneObjective.Divergence(p, map, options.Threads) : 0;
        return new TSneMap(map, divergence, p.Perplexity);
    }

    private static double[] Start(float[] x, int dimension, TSneOptions options, CancellationToken stop)
    {
        int rows = x.Length / dimension;
        var random = new RandomStream(options.Seed, 0, -1, "t-SNE");
        double[] map = new double[2 * rows];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = StartDeviation * random.NextNormal();
        }

        if (options.Start == MapStart.Random || rows == 1)
        {
            return map;
        }

        var pca = Pca.Fit(x, dimension, 2, options.Threads, stop);
        double[] scores = pca.Transform(x);
        int components = pca.Components.Length;
        for (int c = 0; c < components; c++)
        {
            // In a direction in which the rows do not differ, points keep their random coordinates. On a line they could never pass each
            // other.
            if (pca.Variance[c] <= Negligible * pca.Variance[0] || pca.Variance[0] == 0)
            {
                break;
            }

            double scale = StartDeviation / Math.Sqrt(pca.Variance[0] * (rows - 1) / rows);
            for (int i = 0; i < rows; i++)
            {
                map[(2 * i) + c] = scale * scores[(i * components) + c];
            }
        }

        return map;
    }

    /// <summary>Gradient descent with momentum and gains.</summary>
    private sealed class Descent
    {
        private readonly JointProbabilities _p;
        private readonly TSneOptions _options;
        private readonly double _rate;
        private readonly AdaptiveRepulsion _repulsions;
        private readonly Axis _x;
        private readonly Axis _y;

        internal Descent(double[] start, JointProbabilities p, TSneOptions options)
        {
            _p = p;
            _options = options;
            _rate = options.LearningRate ?? Math.Max(p.Count / options.Exaggeration / 4, 50);
            _repulsions = new AdaptiveRepulsion(options.Threads);
            var (first, second) = TSneObjective.Split(start);
            (_x, _y) = (new Axis(first), new Axis(second));
        }

        internal double Divergence { get; private set; }

        internal void Reset()
        {
            _x.Reset();
            _y.Reset();
        }

        internal void Step(double exaggeration, double momentum, bool measure)
        {
            double z = TSneObjective.Gradient(_p, exaggeration, _x.At, _y.At, _repulsions, _x.Gradient, _y.Gradient, _options.Threads);
            if (measure)
            {
                Divergence = _p.Count > 1 ? TSneObjective.Divergence(_p, _x.At, _y.At, z, _options.Threads) : 0;
            }

            _x.Step(_rate, momentum);
            _y.Step(_rate, momentum);
        }

        internal double[] Map()
        {
            double meanX = _x.At.Average(), meanY = _y.At.Average();
            return [.. _x.At.Zip(_y.At).SelectMany(point => new[] { point.First - meanX, point.Second - meanY })];
        }
    }

    /// <summary>One coordinate of all points, with its gradient, velocity and gains.</summary>
    private sealed class Axis(double[] at)
    {
        private readonly double[] _velocity = new double[at.Length];
        private readonly double[] _gain = [.. Enumerable.Repeat(1.0, at.Length)];

        internal double[] At => at;

        internal double[] Gradient { get; } = new double[at.Length];

        internal void Reset()
        {
            Array.Clear(_velocity);
            Array.Fill(_gain, 1);
        }

        internal void Step(double rate, double momentum)
        {
            for (int i = 0; i < at.Length; i++)
            {
                _gain[i] = Math.Max(MinGain, _velocity[i] * Gradient[i] < 0 ? _gain[i] + 0.2 : _gain[i] * 0.8);
                _velocity[i] = (momentum * _velocity[i]) - (rate * _gain[i] * Gradient[i]);
                at[i] += _velocity[i];
            }
        }
    }
}

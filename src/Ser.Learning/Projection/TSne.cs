using Ser.Domain.Randomness;

namespace Ser.Learning.Projection;

/// <summary>
/// t-SNE in the plane (van der Maaten and Hinton 2008) on exact neighbours, with the optimiser of scikit-learn: momentum 0.5, then 0.8, a gain for each
/// coordinate, early exaggeration. A map depends on the rows and the options alone: not on threads, and not on the processor.
/// </summary>
public static class TSne
{
    private const int MostExaggerated = 250;
    private const int DivergenceEvery = 50;
    private const double StartDeviation = 1e-4;
    private const double LeastGain = 0.01;
    private const double Negligible = 1e-12;

    /// <summary>Makes a map.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="options">How.</param>
    /// <param name="report">Told after every step.</param>
    /// <param name="stop">Cancels at the next step.</param>
    /// <exception cref="ArgumentException">The values do not make rows, one is not finite, or the perplexity is below 1.</exception>
    public static TSneMap Run(float[] x, int dimension, TSneOptions options, Action<TSneProgress>? report = null, CancellationToken stop = default)
    {
        var p = JointProbabilities.Of(x, dimension, options.Perplexity, options.Threads);
        stop.ThrowIfCancellationRequested();
        var descent = new Descent(Start(x, dimension, options, stop), p, options);
        int exaggerated = Math.Min(MostExaggerated, options.Iterations / 4);
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            stop.ThrowIfCancellationRequested();
            bool early = iteration < exaggerated;
            if (iteration == exaggerated)
            {
                descent.Forget();
            }

            descent.Step(early ? options.Exaggeration : 1, early ? 0.5 : 0.8, iteration % DivergenceEvery == 0);
            report?.Invoke(new TSneProgress(iteration + 1, options.Iterations, descent.Divergence));
        }

        double[] map = descent.Map();
        return new TSneMap(map, p.Count > 1 ? Objective.Divergence(p, map, options.Threads) : 0, p.Perplexity);
    }

    private static double[] Start(float[] x, int dimension, TSneOptions options, CancellationToken stop)
    {
        int rows = x.Length / dimension;
        var draw = new Draw(options.Seed, 0, -1, "t-SNE");
        double[] map = new double[2 * rows];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = StartDeviation * draw.Normal();
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
            // Along a direction in which nothing differs the points keep their random places: in a line they could never pass each other.
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
        private readonly JointProbabilities p;
        private readonly TSneOptions options;
        private readonly double rate;
        private readonly Repulsions repulsions;
        private readonly Axis x;
        private readonly Axis y;

        internal Descent(double[] start, JointProbabilities p, TSneOptions options)
        {
            this.p = p;
            this.options = options;
            rate = options.LearningRate ?? Math.Max(p.Count / options.Exaggeration / 4, 50);
            repulsions = new Repulsions(options.Threads);
            var (first, second) = Objective.Apart(start);
            (x, y) = (new Axis(first), new Axis(second));
        }

        internal double Divergence { get; private set; }

        internal void Forget()
        {
            x.Forget();
            y.Forget();
        }

        internal void Step(double exaggeration, double momentum, bool measure)
        {
            double z = Objective.Gradient(p, exaggeration, x.At, y.At, repulsions, x.Gradient, y.Gradient, options.Threads);
            if (measure)
            {
                Divergence = p.Count > 1 ? Objective.Divergence(p, x.At, y.At, z, options.Threads) : 0;
            }

            x.Step(rate, momentum);
            y.Step(rate, momentum);
        }

        internal double[] Map()
        {
            double meanX = x.At.Average(), meanY = y.At.Average();
            return [.. x.At.Zip(y.At).SelectMany(point => new[] { point.First - meanX, point.Second - meanY })];
        }
    }

    private sealed class Axis(double[] at)
    {
        private readonly double[] velocity = new double[at.Length];
        private readonly double[] gain = [.. Enumerable.Repeat(1.0, at.Length)];

        internal double[] At => at;

        internal double[] Gradient { get; } = new double[at.Length];

        internal void Forget()
        {
            Array.Clear(velocity);
            Array.Fill(gain, 1);
        }

        internal void Step(double rate, double momentum)
        {
            for (int i = 0; i < at.Length; i++)
            {
                gain[i] = Math.Max(LeastGain, velocity[i] * Gradient[i] < 0 ? gain[i] + 0.2 : gain[i] * 0.8);
                velocity[i] = (momentum * velocity[i]) - (rate * gain[i] * Gradient[i]);
                at[i] += velocity[i];
            }
        }
    }
}

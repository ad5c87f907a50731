using System.Numerics;

namespace Ser.Learning.Projection;

/// <summary>
/// Repulsion in nearly linear time, after FIt-SNE (Linderman et al. 2019). Points are spread over a regular grid by Lagrange interpolation,
/// the grid is convolved with the force by Fourier transforms, and the field is interpolated at the points.
/// There are three differences from FIt-SNE. The force itself is interpolated instead of its terms, which avoids cancellation. The step of
/// the grid changes seldom, so that the kernel's spectrum is reused in later iterations. Z follows from the spectrum of the charges
/// (Parseval's theorem), without another transform.
/// </summary>
internal sealed class GridRepulsion(int threads) : IRepulsion
{
    /// <summary>
    /// Step of the grid in units of the map, in which the force varies over distances of about 1. Small maps get a finer step.
    /// </summary>
    internal const double Step = 1.0 / 3;

    /// <summary>Number of interpolation nodes along one axis.</summary>
    internal const int Order = 6;

    private const int MaxNodes = 1024; // along an axis; larger maps get a coarser step
    private const int CheapNodes = 64; // up to this number a finer step costs next to nothing
    private const double MinStep = 1e-100;
    private const int MinSide = 16;
    private double[] _re = [];
    private double[] _im = [];
    private Kernel? _kernel;

    /// <summary>Number of grid cells for points with such spans.</summary>
    internal static long Cells(double spanX, double spanY)
    {
        double step = StepFor(spanX, spanY);
        return (long)Side(spanX, step) * Side(spanY, step);
    }

    /// <inheritdoc/>
    public double Compute(double[] x, double[] y, double[] forceX, double[] forceY)
    {
        double left = x.Min(), bottom = y.Min();
        double spanX = x.Max() - left, spanY = y.Max() - bottom;
        double step = StepFor(spanX, spanY);
        int width = Side(spanX, step), height = Side(spanY, step);
        if (_kernel is null || _kernel.Step != step || _kernel.Transform.Width != width || _kernel.Transform.Height != height)
        {
            _kernel = new Kernel(step, new GridFft(width, height, threads));
            _re = new double[width * height];
            _im = new double[width * height];
        }

        var interpolation = new Interpolation(x, y, left, bottom, step);
        Array.Clear(_re);
        Array.Clear(_im);
        interpolation.Spread(_re, width);
        int filled = Math.Min(height, Nodes(spanY, step));
        _kernel.Transform.Forward(_re, _im, filled);
        double z = _kernel.Convolve(_re, _im, threads);
        _kernel.Transform.Inverse(_re, _im, filled);
        ParallelRows.For(x.Length, threads, (first, end) => interpolation.Gather(_re, _im, width, forceX, forceY, first, end));
        return z - x.Length; // q of each point with itself is 1
    }

    // The step changes in large increments, so that a map that slowly grows does not need a new kernel in each iteration.
    private static double StepFor(double spanX, double spanY)
    {
        double span = Math.Max(spanX, spanY), step = Step;
        if (!double.IsFinite(span))
        {
            throw new InvalidOperationException("the map has diverged: its learning rate is too high");
        }

        while (Nodes(span, step) > MaxNodes)
        {
            step *= 1.25;
        }

        while (Nodes(span, step / 2) <= CheapNodes && step > MinStep && span > 0)
        {
            step /= 2;
        }

        return step;
    }

    private static int Nodes(double span, double step) => (int)Math.Min(int.MaxValue / 4, Math.Ceiling(span / step)) + Order;

    // Twice the number of nodes, so that the convolution does not wrap around.
    private static int Side(double span, double step) =>
        Math.Max(MinSide, (int)BitOperations.RoundUpToPowerOf2((uint)(2 * Nodes(span, step))));

    /// <summary>For each point and axis, the first of <see cref="Order"/> nodes and the interpolation weights of the nodes.</summary>
    private sealed class Interpolation
    {
        private readonly int[] _column;
        private readonly int[] _row;
        private readonly double[] _weightX;
        private readonly double[] _weightY;

        internal Interpolation(double[] x, double[] y, double left, double bottom, double step)
        {
            (_column, _weightX) = Weights(x, left, step);
            (_row, _weightY) = Weights(y, bottom, step);
        }

        // Adds in the order of the points on one thread, because a sum over threads would depend on their number.
        internal void Spread(double[] grid, int width)
        {
            for (int i = 0; i < _column.Length; i++)
            {
                var wx = _weightX.AsSpan(i * Order, Order);
                for (int b = 0; b < Order; b++)
                {
                    double wy = _weightY[(i * Order) + b];
                    var cells = grid.AsSpan(((_row[i] + b) * width) + _column[i], Order);
                    for (int a = 0; a < Order; a++)
                    {
                        cells[a] += wx[a] * wy;
                    }
                }
            }
        }

        internal void Gather(double[] gridX, double[] gridY, int width, double[] forceX, double[] forceY, int first, int end)
        {
            for (int i = first; i < end; i++)
            {
                var wx = _weightX.AsSpan(i * Order, Order);
                double fx = 0, fy = 0;
                for (int b = 0; b < Order; b++)
                {
                    double wy = _weightY[(i * Order) + b];
                    int at = ((_row[i] + b) * width) + _column[i];
                    double sx = 0, sy = 0;
                    for (int a = 0; a < Order; a++)
                    {
                        sx += wx[a] * gridX[at + a];
                        sy += wx[a] * gridY[at + a];
                    }

                    fx += wy * sx;
                    fy += wy * sy;
                }

                (forceX[i], forceY[i]) = (fx, fy);
            }
        }

        private static AxisWeights Weights(double[] at, double origin, double step)
        {
            int[] first = new int[at.Length];
            double[] weights = new double[at.Length * Order];
            Span<double> inverse = stackalloc double[Order]; // 1 / Π_{b≠a} (a - b)
            for (int a = 0; a < Order; a++)
            {
                double product = 1;
                for (int b = 0; b < Order; b++)
                {
                    product *= b == a ? 1 : a - b;
                }

                inverse[a] = 1 / product;
            }

            for (int i = 0; i < at.Length; i++)
            {
                double t = (at[i] - origin) / step;
                first[i] = (int)t;
                double position = t - first[i] + ((Order / 2) - 1); // between the two middle nodes of 0 .. Order - 1
                for (int a = 0; a < Order; a++)
                {
                    double weight = inverse[a];
                    for (int b = 0; b < Order; b++)
                    {
                        weight *= b == a ? 1 : position - b;
                    }

                    weights[(i * Order) + a] = weight;
                }
            }

            return new AxisWeights(first, weights);
        }

        private readonly record struct AxisWeights(int[] First, double[] Weights);
    }

    /// <summary>The spectra of q = 1/(1 + r²), which is real, and of the force q² (dx + i dy), divided by the number of cells.</summary>
    private sealed class Kernel
    {
        private readonly double[] _q;
        private readonly double[] _forceRe;
        private readonly double[] _forceIm;

        internal Kernel(double step, GridFft transform)
        {
            Step = step;
            Transform = transform;
            int width = transform.Width, height = transform.Height, cells = width * height;
            _q = new double[cells];
            _forceRe = new double[cells];
            _forceIm = new double[cells];
            for (int row = 0; row < height; row++)
            {
                double dy = step * (row <= height / 2 ? row : row - height);
                for (int column = 0; column < width; column++)
                {
                    double dx = step * (column <= width / 2 ? column : column - width);
                    double value = 1 / (1 + (dx * dx) + (dy * dy));
                    int at = (row * width) + column;
                    _q[at] = value;
                    _forceRe[at] = value * value * dx;
                    _forceIm[at] = value * value * dy;
                }
            }

            transform.Forward(_q, new double[cells], height);
            transform.Forward(_forceRe, _forceIm, height);
            for (int i = 0; i < cells; i++)
            {
                _q[i] /= cells;
                _forceRe[i] /= cells;
                _forceIm[i] /= cells;
            }
        }

        internal double Step { get; }

        internal GridFft Transform { get; }

        /// <summary>Turns the spectrum of the charges into that of the force, in place. Returns Σ_ij q_ij, including i = j.</summary>
        internal double Convolve(double[] re, double[] im, int threads)
        {
            int width = Transform.Width;
            double[] sums = new double[Transform.Height];
            ParallelRows.For(sums.Length, threads, (first, end) =>
            {
                for (int row = first; row < end; row++)
                {
                    double sum = 0;
                    for (int i = row * width; i < (row + 1) * width; i++)
                    {
                        double r = re[i], m = im[i];
                        sum += ((r * r) + (m * m)) * _q[i];
                        re[i] = (r * _forceRe[i]) - (m * _forceIm[i]);
                        im[i] = (r * _forceIm[i]) + (m * _forceRe[i]);
                    }

                    sums[row] = sum;
                }
            });
            double z = 0;
            foreach (double sum in sums)
            {
                z += sum;
            }

            return z;
        }
    }
}

using System.Numerics;

namespace Ser.Learning.Projection;

/// <summary>
/// Chooses between the exact and the grid method, whichever is faster for a given map. The grid is slower for few points, or where they are
/// far apart. The choice depends only on the map.
/// </summary>
internal sealed class AdaptiveRepulsion(int threads) : IRepulsion
{
    /// <summary>
    /// Number of pairs that take as long as one cell of the grid at one level of its transform (measured; see docs/performance.md).
    /// </summary>
    internal const double PairsPerCell = 4;

    private readonly ExactRepulsion _exact = new(threads);
    private readonly GridRepulsion _grid = new(threads);

    /// <inheritdoc/>
    public double Compute(double[] x, double[] y, double[] forceX, double[] forceY) =>
        Choose(x, y).Compute(x, y, forceX, forceY);

    private IRepulsion Choose(double[] x, double[] y)
    {
        long cells = GridRepulsion.Cells(x.Max() - x.Min(), y.Max() - y.Min());
        return (double)x.Length * x.Length <= PairsPerCell * cells * BitOperations.Log2((ulong)cells) ? _exact : _grid;
    }
}

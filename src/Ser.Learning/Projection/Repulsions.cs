using System.Numerics;

namespace Ser.Learning.Projection;

/// <summary>
/// All pairs or the grid, whichever costs less for a map at hand: few points, or few points far apart, do not pay for a grid. The choice depends on the
/// map alone.
/// </summary>
internal sealed class Repulsions(int threads) : IRepulsion
{
    /// <summary>Pairs that take as long as one cell of the grid at one level of its transform (measured; see docs/performance.md).</summary>
    internal const double PairsPerCell = 4;

    private readonly ExactRepulsion exact = new(threads);
    private readonly GridRepulsion grid = new(threads);

    /// <inheritdoc/>
    public double Of(double[] x, double[] y, double[] forceX, double[] forceY) =>
        Prefers(x, y).Of(x, y, forceX, forceY);

    private IRepulsion Prefers(double[] x, double[] y)
    {
        long cells = GridRepulsion.Cells(x.Max() - x.Min(), y.Max() - y.Min());
        return (double)x.Length * x.Length <= PairsPerCell * cells * BitOperations.Log2((ulong)cells) ? exact : grid;
    }
}

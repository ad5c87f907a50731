namespace Ser.Learning.Projection;

/// <summary>The part of t-SNE's gradient that all pairs take part in.</summary>
internal interface IRepulsion
{
    /// <summary>For every point i, Σ_j q_ij² (y_i - y_j) with q_ij = 1 / (1 + |y_i - y_j|²).</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="forceX">Receives the first coordinate of each sum.</param>
    /// <param name="forceY">Receives the second.</param>
    /// <returns>Z = Σ_{i≠j} q_ij.</returns>
    double Of(double[] x, double[] y, double[] forceX, double[] forceY);
}

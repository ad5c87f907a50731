namespace Ser.Learning.Projection;

/// <summary>The repulsive part of t-SNE's gradient, to which all pairs of points contribute.</summary>
internal interface IRepulsion
{
    /// <summary>Computes Σ_j q_ij² (y_i - y_j) with q_ij = 1 / (1 + |y_i - y_j|²) for every point i.</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="forceX">Receives the first coordinate of each sum.</param>
    /// <param name="forceY">Receives the second coordinate of each sum.</param>
    /// <returns>Z = Σ_{i≠j} q_ij.</returns>
    double Compute(double[] x, double[] y, double[] forceX, double[] forceY);
}

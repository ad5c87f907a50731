namespace Ser.Domain.Selection;

/// <summary>One choice of k, α and temperature, with what it reached on the queries that it was chosen on.</summary>
/// <param name="Weighting">A name of <see cref="Weightings.All"/>.</param>
/// <param name="K">Neighbours that vote.</param>
/// <param name="Alpha">α of eq. 4: the middle of (<paramref name="Low"/>, <paramref name="High"/>).</param>
/// <param name="TemperatureFactor">T in units of each fold's median distance; null for uniform votes.</param>
/// <param name="Low">Where the interval of equal answers begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="Wa">WA on the queries that it was chosen on.</param>
/// <param name="Ua">UA on the queries that it was chosen on.</param>
public sealed record Chosen(string Weighting, int K, double Alpha, double? TemperatureFactor, double Low, double High, double Wa, double Ua)
{
    /// <summary>T on one fold.</summary>
    public double Temperature(double medianDistance) => (TemperatureFactor ?? 0) * medianDistance;

    /// <summary>Probabilities by eq. 4 of every query, [queries][classes].</summary>
    public double[][] Probabilities(Asked asked)
    {
        double[][] p = new double[asked.Queries.Count][];
        for (int query = 0; query < p.Length; query++)
        {
            double[] model = asked.Queries.Probabilities[query];
            p[query] = new double[model.Length];
            Votes.Fill(asked.Queries, query, K, Weighting, Temperature(asked.MedianDistance), p[query]);
            Interpolation.Fill(model, p[query], Alpha, p[query]);
        }

        return p;
    }
}

namespace Ser.Domain.Selection;

/// <summary>Chosen values of k, α and temperature, with the scores on the queries on which they were chosen.</summary>
/// <param name="Weighting">A name of <see cref="Weightings.All"/>.</param>
/// <param name="K">Number of neighbours that vote.</param>
/// <param name="Alpha">α of eq. 4: the middle of (<paramref name="Low"/>, <paramref name="High"/>).</param>
/// <param name="TemperatureFactor">Temperature as a multiple of each fold's median distance; null for uniform votes.</param>
/// <param name="Low">Lower end of the interval of α with the same predictions.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Wa">WA on the queries on which it was chosen.</param>
/// <param name="Ua">UA on the queries on which it was chosen.</param>
public sealed record RetrievalChoice(
    string Weighting,
    int K,
    double Alpha,
    double? TemperatureFactor,
    double Low,
    double High,
    double Wa,
    double Ua)
{
    /// <summary>Returns the temperature T for a fold.</summary>
    public double Temperature(double medianDistance) => (TemperatureFactor ?? 0) * medianDistance;

    /// <summary>Computes the probabilities of eq. 4 for every query, with shape [queries][classes].</summary>
    public double[][] Probabilities(FoldQueries queries)
    {
        double[][] p = new double[queries.Queries.Count][];
        for (int query = 0; query < p.Length; query++)
        {
            double[] model = queries.Queries.Probabilities[query];
            p[query] = new double[model.Length];
            Votes.Fill(queries.Queries, query, K, Weighting, Temperature(queries.MedianDistance), p[query]);
            Interpolation.Fill(model, p[query], Alpha, p[query]);
        }

        return p;
    }
}

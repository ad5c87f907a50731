namespace Ser.Learning.Retrieval;

/// <summary>Keeps every stored row that could be among the k nearest, given float32 dot products of bounded error. One for each thread.</summary>
internal sealed class Candidates
{
    private readonly int k;
    private readonly double[] storedNorms;
    private readonly double dotError;
    private readonly double doubleError;
    private readonly double underflow;
    private readonly double[] lower;
    private readonly double[] upper;
    private readonly int[] kept;

    public Candidates(int dimension, int k, double[] storedNorms)
    {
        this.k = k;
        this.storedNorms = storedNorms;

        // |fl(q·s) - q·s| ≤ γ Σ|q_i s_i| ≤ γ ‖q‖‖s‖ with γ = nu/(1-nu), u = 2^-24, for any order of summation, fused or not (Higham, §3.1).
        double nu = dimension * Math.Pow(2, -24);
        dotError = nu < 0.5 ? nu / (1 - nu) : double.PositiveInfinity;
        doubleError = (dimension + 8) * Math.Pow(2, -52);

        // Products and sums below the normal range may be flushed to zero.
        underflow = 2 * dimension * Math.Pow(2, -126);
        lower = new double[storedNorms.Length];
        upper = new double[k];
        kept = new int[storedNorms.Length];
    }

    /// <summary>Rows of the store, ascending: at least k, and all of the k nearest.</summary>
    /// <param name="dots">[stored], float32 products with the query.</param>
    /// <param name="norm">‖q‖ of the query.</param>
    public ReadOnlySpan<int> Keep(ReadOnlySpan<float> dots, double norm)
    {
        Array.Fill(upper, double.PositiveInfinity);
        double worst = double.PositiveInfinity;
        double scale = 2 * dotError * norm;
        double square = norm * norm;
        for (int j = 0; j < dots.Length; j++)
        {
            double s = storedNorms[j];
            double squares = square + (s * s);
            double estimate = squares - (2.0 * dots[j]);
            double margin = (scale * s) + (doubleError * 4 * squares) + (2 * underflow);
            double least = estimate - margin;

            // An overflown product says nothing: the row stays a candidate and bounds nobody.
            lower[j] = double.IsFinite(least) ? least : double.NegativeInfinity;
            if (estimate + margin < worst && double.IsFinite(least))
            {
                worst = Insert(estimate + margin);
            }
        }

        // At least k rows are no further than worst, so a row that is certainly further is not among the nearest.
        double limit = worst + (Math.Abs(worst) * doubleError * 4);
        int count = 0;
        for (int j = 0; j < lower.Length; j++)
        {
            if (!(lower[j] > limit))
            {
                kept[count++] = j;
            }
        }

        return kept.AsSpan(0, count);
    }

    private double Insert(double value)
    {
        int slot = k - 1;
        for (; slot > 0 && upper[slot - 1] > value; slot--)
        {
            upper[slot] = upper[slot - 1];
        }

        upper[slot] = value;
        return upper[k - 1];
    }
}

namespace Ser.Learning.Baseline;

/// <summary>
/// Turns scores into probabilities, softmax(β · scores), with the β that minimises the cross-entropy of held-out rows. Targets are
/// smoothed as in Platt (1999): 1 - 1/(n + 2) for the true class and the rest equally for the others, so that β stays finite where every
/// row is classified correctly. The cross-entropy is convex in β, so the minimum is unique.
/// </summary>
internal static class Calibration
{
    private const double Golden = 0.61803398874989485;
    private const int Steps = 60;

    /// <summary>Finds β, between e^-8 and e^8.</summary>
    /// <param name="scores">[n][classes], of rows that were not used for training.</param>
    /// <param name="labels">Their classes.</param>
    internal static double FitSharpness(double[][] scores, int[] labels)
    {
        // Golden-section search on ln β: after 60 steps the interval is 16 · 0.618^60 = 5e-12 wide.
        double low = -8, high = 8;
        double left = high - (Golden * (high - low)), right = low + (Golden * (high - low));
        double atLeft = Loss(scores, labels, Math.Exp(left)), atRight = Loss(scores, labels, Math.Exp(right));
        for (int step = 0; step < Steps; step++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = Loss(scores, labels, Math.Exp(left));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = Loss(scores, labels, Math.Exp(right));
            }
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>Logarithms of softmax(β · scores).</summary>
    internal static double[] LogSoftmax(double[] scores, double sharpness)
    {
        double largest = scores.Max();
        double sum = Math.Log(scores.Sum(score => Math.Exp(sharpness * (score - largest))));
        return Array.ConvertAll(scores, score => (sharpness * (score - largest)) - sum);
    }

    private static double Loss(double[][] scores, int[] labels, double sharpness)
    {
        double rest = 1.0 / (labels.Length + 2), loss = 0;
        for (int row = 0; row < scores.Length; row++)
        {
            double[] logProbabilities = LogSoftmax(scores[row], sharpness);
            double own = logProbabilities[labels[row]];
            double others = logProbabilities.Sum() - own;
            loss -= ((1 - rest) * own) + (rest * others / Math.Max(1, logProbabilities.Length - 1));
        }

        return loss / scores.Length;
    }
}

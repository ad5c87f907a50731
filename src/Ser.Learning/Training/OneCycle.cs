namespace Ser.Learning.Training;

/// <summary>
/// The one-cycle schedule of the learning rate (Smith 2018): a cosine from peak/25 to the peak in the first 30 % of steps, then down to
/// peak/250,000.
/// </summary>
public static class OneCycle
{
    private const double Rise = 0.3;
    private const double StartDivisor = 25;
    private const double EndDivisor = 25 * 1e4;

    /// <summary>The rate in step <paramref name="step"/> (from 0) of <paramref name="steps"/>.</summary>
    public static double Rate(double peak, long step, long steps)
    {
        double top = (Rise * steps) - 1;
        return step <= top
            ? Cosine(peak / StartDivisor, peak, top <= 0 ? 1 : step / top)
            : Cosine(peak, peak / EndDivisor, (step - top) / (steps - 1 - top));
    }

    private static double Cosine(double from, double to, double share) =>
        to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * Math.Min(1, share))));
}

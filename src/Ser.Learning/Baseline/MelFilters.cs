using Ser.Domain.Randomness;

namespace Ser.Learning.Baseline;

/// <summary>
/// Triangular filters of height 1, equally spaced on the mel scale m(f) = 2595 log10(1 + f / 700 Hz) (O'Shaughnessy's formula, as in HTK).
/// Filter j rises from the frequency of point j to that of point j + 1 and falls to that of point j + 2, linearly in Hz.
/// Filters are not weighted by their widths.
/// </summary>
internal sealed class MelFilters
{
    private const double Scale = 2595 / 2.302585092994045684; // 2595 / ln 10
    private readonly Filter[] _filters;

    /// <param name="count">Number of filters.</param>
    /// <param name="low">Frequency in Hz at which the first filter begins.</param>
    /// <param name="high">Frequency in Hz at which the last filter ends.</param>
    /// <param name="length">Length of the Fourier transform whose power spectrum is weighted.</param>
    /// <param name="rate">Sample rate in Hz.</param>
    internal MelFilters(int count, double low, double high, int length, double rate)
    {
        double first = Mel(low), step = (Mel(high) - first) / (count + 1);
        double[] points = [.. Enumerable.Range(0, count + 2).Select(point => Hertz(first + (point * step)))];
        _filters = [.. Enumerable.Range(0, count).Select(j => Triangle(points[j], points[j + 1], points[j + 2], length, rate))];
    }

    /// <summary>Sums a power spectrum [length/2 + 1] to the power in each filter [count].</summary>
    internal void Apply(ReadOnlySpan<double> power, Span<double> bands)
    {
        for (int filter = 0; filter < _filters.Length; filter++)
        {
            var (first, weights) = _filters[filter];
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * power[first + i];
            }

            bands[filter] = sum;
        }
    }

    private static double Mel(double hertz) => Scale * PortableMath.Log(1 + (hertz / 700));

    private static double Hertz(double mel) => 700 * (PortableMath.Exp(mel / Scale) - 1);

    private static Filter Triangle(double from, double peak, double to, int length, double rate)
    {
        double bin = rate / length;
        int first = (int)Math.Ceiling(from / bin), last = Math.Min(length / 2, (int)Math.Floor(to / bin));
        return new Filter(first, [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(Weight)]);

        double Weight(int i)
        {
            double rising = ((i * bin) - from) / (peak - from);
            double falling = (to - (i * bin)) / (to - peak);
            return Math.Max(0, Math.Min(rising, falling));
        }
    }

    // Weights of the bins from First on.
    private readonly record struct Filter(int First, double[] Weights);
}

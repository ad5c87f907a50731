namespace Ser.Learning.Baseline;

/// <summary>
/// Describes an utterance by one vector: over its frames, the mean and the standard deviation of 20 MFCC and of their first and second
/// differences, and the 10th, 50th and 90th percentiles of the MFCC. Frames more than 50 dB below the loudest are excluded, so that padding
/// and pauses have no influence.
/// </summary>
internal static class SpeechStatistics
{
    /// <summary>D: means [60], standard deviations [60], then 20 values for each percentile.</summary>
    internal const int Width = (2 * 3 * Mfcc.Coefficients) + (3 * Mfcc.Coefficients);

    private const double RelativeThreshold = 1e-5; // -50 dB
    private const int Reach = 2;

    private static readonly double[] Percentiles = [0.1, 0.5, 0.9];

    /// <summary>Computes the vector [D] of a waveform at 16 kHz.</summary>
    internal static double[] Compute(float[] waveform)
    {
        var (cepstra, power) = Mfcc.Compute(waveform);
        double[][] first = Differences(cepstra), second = Differences(first);
        double threshold = power.Max() * RelativeThreshold;
        int[] audible = [.. Enumerable.Range(0, power.Length).Where(frame => power[frame] >= threshold)];
        double[][] columns = [.. Columns(cepstra, audible), .. Columns(first, audible), .. Columns(second, audible)];
        double[] means = [.. columns.Select(column => column.Average())];
        var cepstralColumns = columns.Take(Mfcc.Coefficients);
        return
        [
            .. means,
            .. columns.Select((column, c) => Deviation(column, means[c])),
            .. Percentiles.SelectMany(share => cepstralColumns.Select(column => Percentile(column, share))),
        ];
    }

    // Each coefficient over the given frames: [20][frames].
    private static IEnumerable<double[]> Columns(double[][] coefficients, int[] frames) =>
        Enumerable.Range(0, Mfcc.Coefficients).Select(c => Array.ConvertAll(frames, frame => coefficients[frame][c]));

    // Population standard deviation.
    private static double Deviation(double[] values, double mean) =>
        Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);

    /// <summary>
    /// Slope of the regression line over five frames, Σ i (x[t+i] - x[t-i]) / 2 Σ i² for i = 1, 2. The end frames are repeated.
    /// </summary>
    internal static double[][] Differences(double[][] frames)
    {
        double norm = 2 * Enumerable.Range(1, Reach).Sum(i => i * i);
        return [.. Enumerable.Range(0, frames.Length).Select(Slopes)];

        double[] Slopes(int t) => [.. Enumerable.Range(0, frames[t].Length).Select(c => Slope(t, c) / norm)];

        double Slope(int t, int c)
        {
            double sum = 0;
            for (int i = 1; i <= Reach; i++)
            {
                sum += i * (frames[Math.Min(t + i, frames.Length - 1)][c] - frames[Math.Max(t - i, 0)][c]);
            }

            return sum;
        }
    }

    /// <summary>A percentile by linear interpolation between order statistics, at position share · (n - 1).</summary>
    internal static double Percentile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length
            ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]))
            : sorted[below];
    }
}

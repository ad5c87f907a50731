namespace Ser.Learning.Baseline;

/// <summary>
/// An utterance as one vector: over its frames, mean and standard deviation of 20 MFCC, their first and their second differences, and the 10th, 50th and 90th
/// percentile of the MFCC. Frames more than 50 dB below the loudest are left out, so padding and pauses say nothing.
/// </summary>
internal static class SpeechStatistics
{
    /// <summary>D: mean [60], standard deviation [60], then 20 for each percentile.</summary>
    internal const int Width = (2 * 3 * Mfcc.Coefficients) + (3 * Mfcc.Coefficients);

    private const double Quiet = 1e-5; // -50 dB
    private const int Reach = 2;

    private static readonly double[] Percentiles = [0.1, 0.5, 0.9];

    /// <summary>A waveform at 16 kHz to its vector [D].</summary>
    internal static double[] Of(float[] waveform)
    {
        var (cepstra, power) = Mfcc.Of(waveform);
        double[][] first = Differences(cepstra), second = Differences(first);
        double threshold = power.Max() * Quiet;
        int[] heard = [.. Enumerable.Range(0, power.Length).Where(frame => power[frame] >= threshold)];
        var columns = new[] { cepstra, first, second }
            .SelectMany(frames => Enumerable.Range(0, Mfcc.Coefficients).Select(c => Array.ConvertAll(heard, frame => frames[frame][c]))).ToList();
        double[] means = [.. columns.Select(column => column.Average())];
        return
        [
            .. means,
            .. columns.Select((column, c) => Math.Sqrt(column.Sum(value => (value - means[c]) * (value - means[c])) / column.Length)),
            .. Percentiles.SelectMany(share => columns.Take(Mfcc.Coefficients).Select(column => Percentile(column, share))),
        ];
    }

    /// <summary>Slope of the regression line over five frames, Σ i (x[t+i] - x[t-i]) / 2 Σ i² for i = 1, 2; ends are repeated outward.</summary>
    internal static double[][] Differences(double[][] frames)
    {
        double norm = 2 * Enumerable.Range(1, Reach).Sum(i => i * i);
        return [.. Enumerable.Range(0, frames.Length).Select(t => Enumerable.Range(0, frames[t].Length).Select(c => Slope(t, c) / norm).ToArray())];

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

    /// <summary>With linear interpolation between order statistics, at position share · (n - 1).</summary>
    internal static double Percentile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}

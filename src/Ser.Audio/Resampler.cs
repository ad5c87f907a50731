using System.Collections.Concurrent;
using System.Numerics;

namespace Ser.Audio;

/// <summary>
/// Windowed-sinc resampling that equals torchaudio.functional.resample with its defaults: low-pass width of 6 zero crossings, roll-off
/// 0.99, Hann window. The kernel is computed in double. The filter is polyphase: after `from` and `to` are divided by their greatest common
/// divisor, there are `to` phases of a few taps each.
/// </summary>
public sealed class Resampler
{
    private const double Crossings = 6;
    private const double RollOff = 0.99;
    private const int MaxCached = 16;
    private static readonly ConcurrentDictionary<(int, int), Resampler> Cache = new();

    private readonly int _from;
    private readonly int _to;
    private readonly double _cutOff;
    private readonly int _taps;
    private readonly Kernel?[] _phases;

    /// <summary>A resampler between two rates, in Hz.</summary>
    public Resampler(int fromRate, int toRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(toRate, 1);
        int divisor = (int)BigInteger.GreatestCommonDivisor(fromRate, toRate);
        _from = fromRate / divisor;
        _to = toRate / divisor;
        _cutOff = Math.Min(_from, _to) * RollOff;
        _taps = (int)Math.Ceiling(2 * Crossings * _from / _cutOff) + 1;
        _phases = new Kernel?[Math.Min(_to, 1 << 16)];
    }

    /// <summary>
    /// Resamples a signal to ceil(frames · toRate / fromRate) frames, or to the first <paramref name="maxFrames"/> of them.
    /// </summary>
    /// <param name="samples">[frames].</param>
    /// <param name="fromRate">Their rate in Hz.</param>
    /// <param name="toRate">Rate of the result in Hz.</param>
    /// <param name="maxFrames">Longest result.</param>
    public static T[] Resample<T>(ReadOnlySpan<T> samples, int fromRate, int toRate, int maxFrames = int.MaxValue)
        where T : IFloatingPoint<T>
    {
        if (Cache.Count >= MaxCached && !Cache.ContainsKey((fromRate, toRate)))
        {
            return new Resampler(fromRate, toRate).Apply(samples, maxFrames);
        }

        var resampler = Cache.GetOrAdd((fromRate, toRate), rates => new Resampler(rates.Item1, rates.Item2));
        return resampler.Apply(samples, maxFrames);
    }

    /// <summary>Resamples a signal, as <see cref="Resample"/> does.</summary>
    public T[] Apply<T>(ReadOnlySpan<T> samples, int maxFrames = int.MaxValue)
        where T : IFloatingPoint<T>
    {
        int length = (int)Math.Min((((long)samples.Length * _to) + _from - 1) / _from, maxFrames);
        if (_from == _to)
        {
            return samples[..length].ToArray();
        }

        var result = new T[length];
        for (int i = 0; i < length; i++)
        {
            long start = i / _to * (long)_from;
            var (first, kernel) = GetPhase(i % _to, length);
            start += first;
            int low = (int)Math.Max(0, -start);
            int high = (int)Math.Min(kernel.Length, samples.Length - start);
            double sum = 0;
            for (int k = low; k < high; k++)
            {
                sum += kernel[k] * double.CreateTruncating(samples[(int)(start + k)]);
            }

            result[i] = T.CreateTruncating(sum);
        }

        return result;
    }

    // Caches the kernels of phases that recur. A short signal uses each phase once; not caching it then keeps unusual rates from using
    // memory.
    private Kernel GetPhase(int phase, int length)
    {
        if (length <= _to || phase >= _phases.Length)
        {
            return Compute(phase);
        }

        return _phases[phase] ??= Compute(phase);
    }

    private Kernel Compute(int phase)
    {
        double centre = (double)phase / _to;
        int first = (int)Math.Ceiling(_from * (centre - (Crossings / _cutOff)));
        var kernel = new double[_taps];
        for (int k = 0; k < _taps; k++)
        {
            double t = Math.Clamp((((double)(first + k) / _from) - centre) * _cutOff, -Crossings, Crossings);
            double window = Math.Cos(t * Math.PI / Crossings / 2);
            double angle = t * Math.PI;
            kernel[k] = (angle == 0 ? 1 : Math.Sin(angle) / angle) * window * window * _cutOff / _from;
        }

        return new Kernel(first, kernel);
    }

    // Taps for the inputs from First on, counted from the start of a period of phases.
    // A reference type, because several threads fill the array of phases and a reference is written atomically.
    private sealed record Kernel(int First, double[] Taps);
}

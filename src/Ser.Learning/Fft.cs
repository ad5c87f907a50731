using System.Collections.Concurrent;

namespace Ser.Learning;

/// <summary>
/// Discrete Fourier transform (radix 2) of real signals whose length is a power of two of at least 4.
/// It is computed as a complex transform of half the length. The forward transform is unscaled; the inverse divides by the length.
/// </summary>
internal sealed class Fft
{
    private static readonly ConcurrentDictionary<int, Fft> Cache = new();
    private readonly int _half;
    private readonly double[] _cos;
    private readonly double[] _sin;

    private Fft(int length)
    {
        if (length < 4 || !int.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "the length must be a power of two, at least 4");
        }

        _half = length / 2;
        _cos = new double[_half];
        _sin = new double[_half];
        for (int i = 0; i < _half; i++)
        {
            (_sin[i], _cos[i]) = Math.SinCos(-Math.PI * i / _half); // e^(-2πi/length)
        }
    }

    /// <summary>The transform for signals of <paramref name="length"/> samples; instances are cached.</summary>
    internal static Fft ForLength(int length) => Cache.GetOrAdd(length, n => new Fft(n));

    /// <summary>Transforms x [length] to the bins 0 .. length/2; re and im are [length/2 + 1].</summary>
    internal void Forward(ReadOnlySpan<double> x, Span<double> re, Span<double> im)
    {
        for (int i = 0; i < _half; i++)
        {
            re[i] = x[2 * i];
            im[i] = x[(2 * i) + 1];
        }

        TransformComplex(re[.._half], im[.._half]);
        (re[_half], im[_half]) = (re[0] - im[0], 0);
        (re[0], im[0]) = (re[0] + im[0], 0);
        for (int k = 1; k <= _half / 2; k++)
        {
            int mirror = _half - k;
            double evenRe = (re[k] + re[mirror]) / 2, evenIm = (im[k] - im[mirror]) / 2;
            double oddRe = (im[k] + im[mirror]) / 2, oddIm = (re[mirror] - re[k]) / 2;
            double rotatedRe = (oddRe * _cos[k]) - (oddIm * _sin[k]), rotatedIm = (oddRe * _sin[k]) + (oddIm * _cos[k]);
            (re[k], im[k]) = (evenRe + rotatedRe, evenIm + rotatedIm);
            (re[mirror], im[mirror]) = (evenRe - rotatedRe, rotatedIm - evenIm);
        }
    }

    /// <summary>
    /// Transforms bins 0 .. length/2 back to x [length]. The bins are overwritten; the imaginary parts of the first and last bin are
    /// ignored.
    /// </summary>
    internal void Inverse(Span<double> re, Span<double> im, Span<double> x)
    {
        (re[0], im[0]) = ((re[0] + re[_half]) / 2, (re[0] - re[_half]) / 2);
        for (int k = 1; k <= _half / 2; k++)
        {
            int mirror = _half - k;
            double evenRe = (re[k] + re[mirror]) / 2, evenIm = (im[k] - im[mirror]) / 2;
            double rotatedRe = (re[k] - re[mirror]) / 2, rotatedIm = (im[k] + im[mirror]) / 2;
            double oddRe = (rotatedRe * _cos[k]) + (rotatedIm * _sin[k]), oddIm = (rotatedIm * _cos[k]) - (rotatedRe * _sin[k]);
            (re[k], im[k]) = (evenRe - oddIm, evenIm + oddRe);
            (re[mirror], im[mirror]) = (evenRe + oddIm, oddRe - evenIm);
        }

        // Exchanging real and imaginary parts turns the forward transform into the inverse.
        TransformComplex(im[.._half], re[.._half]);
        double scale = 1.0 / _half;
        for (int i = 0; i < _half; i++)
        {
            x[2 * i] = re[i] * scale;
            x[(2 * i) + 1] = im[i] * scale;
        }
    }

    private void TransformComplex(Span<double> re, Span<double> im)
    {
        for (int i = 1, j = 0; i < _half; i++)
        {
            int bit = _half >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j |= bit;
            if (i < j)
            {
                (re[i], re[j]) = (re[j], re[i]);
                (im[i], im[j]) = (im[j], im[i]);
            }
        }

        for (int size = 1; size < _half; size *= 2)
        {
            int step = _half / size; // the tables cover half a turn in `half` entries
            for (int k = 0; k < size; k++)
            {
                double c = _cos[k * step], s = _sin[k * step];
                for (int i = k; i < _half; i += 2 * size)
                {
                    int j = i + size;
                    double rotatedRe = (re[j] * c) - (im[j] * s), rotatedIm = (re[j] * s) + (im[j] * c);
                    (re[j], im[j]) = (re[i] - rotatedRe, im[i] - rotatedIm);
                    (re[i], im[i]) = (re[i] + rotatedRe, im[i] + rotatedIm);
                }
            }
        }
    }
}

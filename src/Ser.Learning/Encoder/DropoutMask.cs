using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ser.Domain.Randomness;

namespace Ser.Learning.Encoder;

/// <summary>
/// Dropout masks by a counter-based generator. Element i depends only on (key, i), so equal keys give equal bits on every processor and
/// with any number of threads. On processors other than Intel's, libtorch draws elements one by one, ten times slower and with other bits.
/// </summary>
internal static class DropoutMask
{
    // The increment and the two multipliers of SplitMix64.
    private const ulong Gamma = 0x9E3779B97F4A7C15, Multiplier1 = 0xBF58476D1CE4E5B9, Multiplier2 = 0x94D049BB133111EB;
    private const int Lanes = 4; // elements, of 16 bits each, in one 64-bit draw

    /// <summary>
    /// Writes the elements from <paramref name="first"/> on: 0 with probability <paramref name="p"/>, which is rounded to a multiple of
    /// 2^-16, and 1/(1-p) otherwise.
    /// </summary>
    internal static void Fill(Span<float> mask, double p, ulong key, long first = 0)
    {
        ushort threshold = (ushort)Math.Clamp(Math.Round(p * 65536), 0, 65535);
        float scale = (float)(65536.0 / (65536 - threshold));
        FillScalar(mask, 0, ElementsToAlignment(first, mask.Length), first, threshold, scale, key);
        int i = FillVectors(mask, ElementsToAlignment(first, mask.Length), first, threshold, scale, key);
        FillScalar(mask, i, mask.Length, first, threshold, scale, key);
    }

    /// <summary>
    /// The same as <see cref="Fill"/>, in the bits of bfloat16. 1/(1-p) is first rounded to a bfloat16 number q, and elements are dropped
    /// with probability 1 - 1/q, so that the mean stays 1: p = 0.1 becomes 0.0986.
    /// </summary>
    internal static void FillBFloat16(Span<ushort> mask, double p, ulong key, long first = 0)
    {
        ushort scale = RoundedBits((float)(1 / (1 - p)));
        float q = BitConverter.Int32BitsToSingle(scale << 16);
        ushort threshold = (ushort)Math.Clamp(Math.Round(65536 * (1 - (1 / (double)q))), 0, 65535);
        FillScalar(mask, 0, ElementsToAlignment(first, mask.Length), first, threshold, scale, key);
        int i = FillVectors(mask, ElementsToAlignment(first, mask.Length), first, threshold, scale, key);
        FillScalar(mask, i, mask.Length, first, threshold, scale, key);
    }

    // The number of elements before the next one that begins a 64-bit draw.
    private static int ElementsToAlignment(long first, int length) => (int)Math.Min(length, (Lanes - (first % Lanes)) % Lanes);

    private static void FillScalar<T>(Span<T> mask, int from, int until, long first, ushort threshold, T scale, ulong key)
        where T : struct
    {
        for (int i = from; i < until; i++)
        {
            long element = first + i;
            ulong bits = RandomStream.Mix(unchecked(key + (((ulong)(element / Lanes) + 1) * Gamma)));
            mask[i] = (ushort)(bits >> (int)(16 * (element % Lanes))) >= threshold ? scale : default;
        }
    }

    // Computes four 64-bit draws, which are sixteen elements, at a time.
    private static int FillVectors(Span<ushort> mask, int i, long first, ushort threshold, ushort scale, ulong key)
    {
        var limit = Vector256.Create(threshold);
        var value = Vector256.Create(scale);
        var draws = new Draws(key, first + i);
        ref ushort start = ref MemoryMarshal.GetReference(mask);
        for (; BitConverter.IsLittleEndian && i + Vector256<ushort>.Count <= mask.Length; i += Vector256<ushort>.Count)
        {
            (Vector256.GreaterThanOrEqual(draws.Next(), limit) & value).StoreUnsafe(ref start, (nuint)i);
        }

        return i;
    }

    private static int FillVectors(Span<float> mask, int i, long first, ushort threshold, float scale, ulong key)
    {
        int wide = Vector256<ushort>.Count;
        var limit = Vector256.Create(threshold);
        var value = Vector256.Create(BitConverter.SingleToInt32Bits(scale));
        var draws = new Draws(key, first + i);
        ref float start = ref MemoryMarshal.GetReference(mask);
        for (; BitConverter.IsLittleEndian && i + wide <= mask.Length; i += wide)
        {
            var (lower, upper) = Vector256.Widen(Vector256.GreaterThanOrEqual(draws.Next(), limit).AsInt16());
            (lower & value).AsSingle().StoreUnsafe(ref start, (nuint)i);
            (upper & value).AsSingle().StoreUnsafe(ref start, (nuint)(i + (wide / 2)));
        }

        return i;
    }

    // Rounds to the nearest bfloat16 number, ties to even.
    private static ushort RoundedBits(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    // SplitMix64 for four counters at once.
    private struct Draws(ulong key, long firstElement)
    {
        private readonly Vector256<ulong> _keys = Vector256.Create(key);
        private Vector256<ulong> _counter = Vector256.Create((ulong)(firstElement / Lanes)) + Vector256.Create(1UL, 2UL, 3UL, 4UL);

        internal Vector256<ushort> Next()
        {
            var z = _keys + (_counter * Gamma);
            z = (z ^ (z >> 30)) * Multiplier1;
            z = (z ^ (z >> 27)) * Multiplier2;
            z ^= z >> 31;
            _counter += Vector256.Create(4UL);
            return z.AsUInt16();
        }
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Encoder;

/// <summary>
/// Dropout masks by counted randomness: element i depends on (key, i) alone, so equal keys make equal bits on every processor and for every thread count.
/// libtorch draws the same one by one on processors that are not Intel's, at a tenth of the speed, and other bits.
/// </summary>
internal static class DropoutMask
{
    private const ulong Gamma = 0x9E3779B97F4A7C15, First = 0xBF58476D1CE4E5B9, Second = 0x94D049BB133111EB;
    private const int Lanes = 4; // 16-bit draws in 64 bits

    /// <summary>Writes 0 with probability <paramref name="p"/>, rounded to a multiple of 2^-16, and 1/(1-p) otherwise.</summary>
    internal static void Fill(Span<float> mask, double p, ulong key)
    {
        ushort dropped = (ushort)Math.Clamp(Math.Round(p * 65536), 0, 65535);
        float kept = (float)(65536.0 / (65536 - dropped));
        int i = FillWide(mask, dropped, kept, key);
        for (; i < mask.Length; i += Lanes)
        {
            ulong bits = Draw.Mix(unchecked(key + (((ulong)(i / Lanes) + 1) * Gamma)));
            for (int lane = 0; lane < Lanes && i + lane < mask.Length; lane++)
            {
                mask[i + lane] = (ushort)(bits >> (16 * lane)) >= dropped ? kept : 0;
            }
        }
    }

    // Four 64-bit draws at a time: sixteen elements in the order of the loop above.
    private static int FillWide(Span<float> mask, ushort dropped, float kept, ulong key)
    {
        int wide = Vector256<ushort>.Count;
        var limit = Vector256.Create(dropped);
        var value = Vector256.Create(BitConverter.SingleToInt32Bits(kept));
        var counter = Vector256.Create(1UL, 2UL, 3UL, 4UL);
        var keys = Vector256.Create(key);
        ref float start = ref MemoryMarshal.GetReference(mask);
        int i = 0;
        for (; BitConverter.IsLittleEndian && i + wide <= mask.Length; i += wide)
        {
            var z = keys + (counter * Gamma);
            z = (z ^ (z >> 30)) * First;
            z = (z ^ (z >> 27)) * Second;
            z ^= z >> 31;
            var (lower, upper) = Vector256.Widen(Vector256.GreaterThanOrEqual(z.AsUInt16(), limit).AsInt16());
            (lower & value).AsSingle().StoreUnsafe(ref start, (nuint)i);
            (upper & value).AsSingle().StoreUnsafe(ref start, (nuint)(i + (wide / 2)));
            counter += Vector256.Create(4UL);
        }

        return i;
    }
}

using System.Runtime.Intrinsics.X86;

namespace Ser.Domain.Workers;

/// <summary>Capabilities of this machine's processor.</summary>
public static class Processor
{
    /// <summary>
    /// Whether it multiplies bfloat16 matrices in hardware (AVX512_BF16 or AMX_BF16); without it bfloat16 is slower than float32.
    /// False on processors other than x86, where .NET offers no way to detect it.
    /// </summary>
    public static bool MultipliesBFloat16 { get; } = DetectBFloat16();

    private static bool DetectBFloat16()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }

        bool amx = (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;
        bool avx512 = (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
        return amx || avx512;
    }
}

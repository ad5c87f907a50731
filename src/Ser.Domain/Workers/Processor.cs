using System.Runtime.Intrinsics.X86;

namespace Ser.Domain.Workers;

/// <summary>What this machine's processor can do.</summary>
public static class Processor
{
    /// <summary>
    /// Whether it multiplies bfloat16 matrices in hardware (AVX512_BF16 or AMX_BF16); without it bfloat16 is slower than float32. Only x86 can be asked without a library.
    /// </summary>
    public static bool MultipliesBFloat16 { get; } = Ask();

    private static bool Ask()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }

        int features = X86Base.CpuId(7, 0).Edx;
        int more = X86Base.CpuId(7, 1).Eax;
        return (features & (1 << 22)) != 0 || (more & (1 << 5)) != 0;
    }
}

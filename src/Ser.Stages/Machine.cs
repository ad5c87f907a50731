using Ser.Learning;
using TorchSharp;

namespace Ser.Stages;

/// <summary>Makes libtorch compute as a specification says, and says what this machine can do.</summary>
public static class Machine
{
    /// <summary>The device that auto stands for here: cuda where libtorch finds one, else cpu.</summary>
    public static string Device => HasCuda ? "cuda" : "cpu";

    /// <summary>Whether libtorch finds a CUDA device.</summary>
    public static bool HasCuda => torch.cuda.is_available();

    /// <summary>Memory of the GPU that libtorch would use, or of the machine on cpu, in GiB; 0: it cannot be told.</summary>
    public static double MemoryGiB(string device) => device == "cuda" ? (GpuReading.Now()?.TotalBytes ?? 0) / (double)(1 << 30) : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);

    /// <summary>The precision that auto stands for on a device here: bfloat16 where it is faster.</summary>
    public static string Precision(string device) => device == "cuda" || Processor.MultipliesBFloat16 ? "bfloat16" : "float32";

    /// <summary>Whether products in bfloat16 are slower than in float32 on a device here: the processor has no instruction for them.</summary>
    public static bool IsSlow(string precision, string device) => precision == "bfloat16" && Precision(device) == "float32";

    // The number of threads belongs to the calling thread and decides the bits; on CUDA they are promised by deterministic algorithms and true float32 products.
    internal static torch.Device Use(ComputeSpec compute)
    {
        torch.set_num_threads(compute.Threads);
        if (compute.Device == "cpu")
        {
            return torch.CPU;
        }

        if (!HasCuda)
        {
            throw new InvalidOperationException("the job asks for a CUDA device and this machine has none that libtorch finds: see ser doctor, or submit with compute.device=cpu");
        }

        LibtorchContext.UseDeterministicAlgorithms();
        torch.backends.cudnn.allow_tf32 = false;
        torch.backends.cuda.matmul.allow_tf32 = false;
        return torch.CUDA;
    }
}

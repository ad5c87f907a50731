using Ser.Domain.Workers;
using Ser.Learning;
using Ser.Stages;
using TorchSharp;

namespace Ser.Runners;

/// <summary>Makes libtorch compute as a specification says, and says what this machine can do.</summary>
public static class Machine
{
    /// <summary>What this machine can compute with, as libtorch and the processor report.</summary>
    public static MachineCapabilities Capabilities { get; } = new(torch.cuda.is_available(), Processor.MultipliesBFloat16);

    /// <summary>Whether libtorch finds a CUDA device.</summary>
    public static bool HasCuda => Capabilities.HasCuda;

    /// <summary>Memory of the GPU that libtorch would use, or of the machine on cpu, in GiB; 0: it cannot be told.</summary>
    public static double MemoryGiB(string device) => device == "cuda" ? (GpuReading.Now()?.TotalBytes ?? 0) / (double)(1 << 30) : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);

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

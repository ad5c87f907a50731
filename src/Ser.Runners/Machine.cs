using Ser.Domain.Workers;
using Ser.Learning;
using Ser.Stages;
using TorchSharp;

namespace Ser.Runners;

/// <summary>Configures libtorch for a job, and tells what this machine can do.</summary>
public static class Machine
{
    /// <summary>What this machine can compute with, as libtorch and the processor report.</summary>
    public static MachineCapabilities Capabilities { get; } = new(torch.cuda.is_available(), Processor.MultipliesBFloat16);

    /// <summary>Whether libtorch finds a CUDA device.</summary>
    public static bool HasCuda => Capabilities.HasCuda;

    /// <summary>Memory in GiB of the GPU that libtorch would use, or of the machine for cpu; 0 where it is unknown.</summary>
    public static double MemoryGiB(string device)
    {
        long bytes = device == "cuda" ? GpuStatus.Read()?.TotalBytes ?? 0 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return bytes / (double)(1 << 30);
    }

    // The number of threads is a setting of the calling thread and decides the bits of results. On CUDA, equal bits need deterministic
    // algorithms and float32 products without TF32.
    internal static torch.Device Configure(ComputeSpec compute)
    {
        torch.set_num_threads(compute.Threads);
        if (compute.Device == "cpu")
        {
            return torch.CPU;
        }

        if (!HasCuda)
        {
            throw new InvalidOperationException(
                "the job needs a CUDA device, but libtorch finds none on this machine: see ser doctor, or submit with compute.device=cpu");
        }

        LibtorchContext.UseDeterministicAlgorithms();
        torch.backends.cudnn.allow_tf32 = false;
        torch.backends.cuda.matmul.allow_tf32 = false;
        return torch.CUDA;
    }
}

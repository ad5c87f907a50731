using Ser.Learning;
using TorchSharp;

namespace Ser.Stages;

/// <summary>Configures libtorch for a job, and tells what this machine can do.</summary>
public static class Machine
{
    /// <summary>The device that `auto` selects on this machine: cuda where libtorch finds one, otherwise cpu.</summary>
    public static string Device => HasCuda ? "cuda" : "cpu";

    /// <summary>Whether libtorch finds a CUDA device.</summary>
    public static bool HasCuda => torch.cuda.is_available();

    /// <summary>Memory in GiB of the GPU that libtorch would use, or of the machine for cpu; 0 where it is unknown.</summary>
    public static double MemoryGiB(string device)
    {
        long bytes = device == "cuda" ? GpuReading.Now()?.TotalBytes ?? 0 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return bytes / (double)(1 << 30);
    }

    /// <summary>The precision that `auto` selects for a device of this machine: bfloat16 where it is faster.</summary>
    public static string Precision(string device) => device == "cuda" || Processor.MultipliesBFloat16 ? "bfloat16" : "float32";

    /// <summary>Whether a precision is slow on a device of this machine: bfloat16 on a processor without instructions for it.</summary>
    public static bool IsSlow(string precision, string device) => precision == "bfloat16" && Precision(device) == "float32";

    // The number of threads is a setting of the calling thread and decides the bits of results. On CUDA, equal bits need deterministic
    // algorithms and float32 products without TF32.
    internal static torch.Device Use(ComputeSpec compute)
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

using TorchSharp;

namespace Ser.Stages;

/// <summary>Makes libtorch compute as a specification says.</summary>
internal static class Machine
{
    // The number of threads belongs to the calling thread and decides the bits.
    internal static void Use(ComputeSpec compute) => torch.set_num_threads(compute.Threads);
}

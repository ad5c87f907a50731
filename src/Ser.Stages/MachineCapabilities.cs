namespace Ser.Stages;

/// <summary>What the machine that plans an experiment can compute with. It decides what `auto` stands for.</summary>
/// <param name="HasCuda">Whether libtorch finds a CUDA device; false where there is no libtorch.</param>
/// <param name="MultipliesBFloat16">Whether the processor multiplies bfloat16 matrices in hardware.</param>
public sealed record MachineCapabilities(bool HasCuda, bool MultipliesBFloat16)
{
    /// <summary>The device that `auto` stands for: cuda where libtorch finds one, else cpu.</summary>
    public string Device => HasCuda ? "cuda" : "cpu";

    /// <summary>The precision that `auto` stands for on a device: bfloat16 where it is faster than float32.</summary>
    public string Precision(string device) => device == "cuda" || MultipliesBFloat16 ? "bfloat16" : "float32";

    /// <summary>Whether products of a precision are slower than in float32 on a device, for lack of an instruction.</summary>
    public bool IsSlow(string precision, string device) => precision == "bfloat16" && Precision(device) == "float32";
}

using Ser.Domain.Workers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Ser.Learning.Encoder;

/// <summary>
/// Products of bfloat16 numbers. A processor with instructions for them multiplies exactly, sums in float32 and rounds once; on one without, libtorch does the same
/// number by number, many times slower than in float32. There the numbers are multiplied as float32, which holds a product of two of them exactly: equal up to the order of the sums.
/// Gradients likewise, as they pass the same casts.
/// </summary>
internal static class BFloat16Products
{
    /// <summary>As torch's linear.</summary>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) => InFloat32(x) ? Rounded(linear(Full(x), Full(weight), Full(bias))) : linear(x, weight, bias);

    /// <summary>As torch's matmul.</summary>
    internal static Tensor Matmul(Tensor a, Tensor b) => InFloat32(a) ? Rounded(matmul(Full(a), Full(b))) : matmul(a, b);

    /// <summary>A convolution [B, C, L] → [B, D, L'] by its definition or libtorch's; <paramref name="convolve"/> takes x, weight and bias.</summary>
    internal static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias, Func<Tensor, Tensor, Tensor?, Tensor> convolve) =>
        InFloat32(x) ? Rounded(convolve(Full(x), Full(weight), Full(bias))) : convolve(x, weight, bias);

    private static bool InFloat32(Tensor x) => x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU && !Processor.MultipliesBFloat16;

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(x))]
    private static Tensor? Full(Tensor? x) => x?.to(ScalarType.Float32);

    private static Tensor Rounded(Tensor x) => x.to(ScalarType.BFloat16);
}

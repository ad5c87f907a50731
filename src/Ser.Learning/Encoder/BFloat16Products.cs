using Ser.Domain.Workers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Ser.Learning.Encoder;

/// <summary>
/// Products of bfloat16 tensors. Processors with bfloat16 instructions multiply exactly, sum in float32 and round once. On other processors
/// libtorch does the same one number at a time, many times slower than in float32. There the operands are cast to float32, which represents
/// a product of two bfloat16 numbers exactly, so that results are equal up to the order of the sums.
/// The same holds for gradients, because they pass through the same casts.
/// </summary>
internal static class BFloat16Products
{
    /// <summary>The same as torch.nn.functional.linear.</summary>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) =>
        NeedsFloat32(x) ? ToBFloat16(linear(ToFloat32(x), ToFloat32(weight), ToFloat32(bias))) : linear(x, weight, bias);

    /// <summary>The same as torch.matmul.</summary>
    internal static Tensor Matmul(Tensor a, Tensor b) =>
        NeedsFloat32(a) ? ToBFloat16(matmul(ToFloat32(a), ToFloat32(b))) : matmul(a, b);

    /// <summary>A convolution [B, C, L] → [B, D, L'] by <paramref name="convolve"/>, which takes x, weight and bias.</summary>
    internal static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias, Func<Tensor, Tensor, Tensor?, Tensor> convolve) =>
        NeedsFloat32(x) ? ToBFloat16(convolve(ToFloat32(x), ToFloat32(weight), ToFloat32(bias))) : convolve(x, weight, bias);

    private static bool NeedsFloat32(Tensor x) =>
        x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU && !Processor.MultipliesBFloat16;

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(x))]
    private static Tensor? ToFloat32(Tensor? x) => x?.to(ScalarType.Float32);

    private static Tensor ToBFloat16(Tensor x) => x.to(ScalarType.BFloat16);
}

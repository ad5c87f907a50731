using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>
/// conv1d that is right. libtorch's own, through oneDNN, is not for every number of channels: with 48, 80, 112 or 144 and a stride above 1 the gradient of the input is up to 10 % off, with 40 or
/// 72 the output itself (libtorch 2.10 on AVX-512). So each shape is tried once against the definition, and one that fails is computed as a product.
/// </summary>
internal static class StridedConvolution
{
    private static readonly ConcurrentDictionary<(long, long, long, long, ScalarType), bool> Right = new();

    /// <summary>x [B, C, L], weight [D, C, K], bias [D] or null → [B, D, (L - K) / stride + 1].</summary>
    internal static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, long stride) =>
        x.device_type != DeviceType.CPU || Right.GetOrAdd((weight.shape[0], weight.shape[1], weight.shape[2], stride, x.dtype), LibtorchIsRight)
            ? nn.functional.conv1d(x, weight, bias, stride)
            : AsProduct(x, weight, bias, stride);

    /// <summary>The same by a matrix product over unfolded windows.</summary>
    internal static Tensor AsProduct(Tensor x, Tensor weight, Tensor? bias, long stride)
    {
        long channels = weight.shape[1], kernel = weight.shape[2];
        var windows = x.unfold(2, kernel, stride).transpose(1, 2); // [B, L', C, K]
        var flat = windows.reshape(windows.shape[0], windows.shape[1], channels * kernel);
        return nn.functional.linear(flat, weight.reshape(weight.shape[0], channels * kernel), bias).transpose(1, 2);
    }

    /// <summary>Whether libtorch's output and gradient agree with the definition for one shape, on two short rows.</summary>
    private static bool LibtorchIsRight((long Outputs, long Channels, long Kernel, long Stride, ScalarType Type) shape)
    {
        using var scope = NewDisposeScope();
        using var enabled = enable_grad();
        using var generator = new Generator(1);
        var x = randn([2, shape.Channels, shape.Kernel + (8 * shape.Stride)], generator: generator).to(shape.Type);
        var weight = randn([shape.Outputs, shape.Channels, shape.Kernel], generator: generator).to(shape.Type);
        var (output, gradient) = Both(x, weight, (input, kernels) => nn.functional.conv1d(input, kernels, null, shape.Stride));
        var (expected, expectedGradient) = Both(x.to(ScalarType.Float64), weight.to(ScalarType.Float64), (input, kernels) => AsProduct(input, kernels, null, shape.Stride));
        double tolerance = shape.Type == ScalarType.BFloat16 ? 0.02 : 1e-4;
        return Apart(output, expected) < tolerance && Apart(gradient, expectedGradient) < tolerance;
    }

    private static (Tensor Output, Tensor Gradient) Both(Tensor x, Tensor weight, Func<Tensor, Tensor, Tensor> convolve)
    {
        var input = x.detach().requires_grad_(true);
        var output = convolve(input, weight);
        output.sum().backward();
        return (output.detach(), input.grad!);
    }

    // The largest difference, in units of the largest number.
    private static double Apart(Tensor a, Tensor b) => ((a.to(ScalarType.Float64) - b).abs().max() / b.abs().max()).item<double>();
}

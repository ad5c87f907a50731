using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>
/// conv1d with correct results. libtorch's conv1d (through oneDNN) is wrong for some numbers of channels where the stride is above 1: with
/// 48, 80, 112 or 144 channels the gradient of the input is off by up to 10 %, and with 40 or 72 the output is wrong (libtorch 2.10 on
/// AVX-512). Each shape is therefore tested once against the definition, and shapes that fail are computed as matrix products.
/// </summary>
internal static class StridedConvolution
{
    private static readonly ConcurrentDictionary<ConvolutionShape, bool> Correct = new();

    /// <summary>x [B, C, L], weight [D, C, K], bias [D] or null → [B, D, (L - K) / stride + 1].</summary>
    internal static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, long stride)
    {
        var shape = new ConvolutionShape(weight.shape[0], weight.shape[1], weight.shape[2], stride, x.dtype);
        return x.device_type != DeviceType.CPU || Correct.GetOrAdd(shape, LibtorchIsCorrect)
            ? nn.functional.conv1d(x, weight, bias, stride)
            : AsProduct(x, weight, bias, stride);
    }

    /// <summary>The same convolution as a matrix product over unfolded windows.</summary>
    internal static Tensor AsProduct(Tensor x, Tensor weight, Tensor? bias, long stride)
    {
        long channels = weight.shape[1], kernel = weight.shape[2];
        var windows = x.unfold(2, kernel, stride).transpose(1, 2); // [B, L', C, K]
        var flat = windows.reshape(windows.shape[0], windows.shape[1], channels * kernel);
        return nn.functional.linear(flat, weight.reshape(weight.shape[0], channels * kernel), bias).transpose(1, 2);
    }

    /// <summary>Whether libtorch's output and gradient agree with the definition for one shape, on two short rows.</summary>
    private static bool LibtorchIsCorrect(ConvolutionShape shape)
    {
        using var scope = NewDisposeScope();
        using var enabled = enable_grad();
        using var generator = new Generator(1);
        var x = randn([2, shape.Channels, shape.Kernel + (8 * shape.Stride)], generator: generator).to(shape.Type);
        var weight = randn([shape.Outputs, shape.Channels, shape.Kernel], generator: generator).to(shape.Type);
        var actual = RunWithGradient(x, weight, (input, kernels) => nn.functional.conv1d(input, kernels, null, shape.Stride));
        var expected = RunWithGradient(
            x.to(ScalarType.Float64), weight.to(ScalarType.Float64), (input, kernels) => AsProduct(input, kernels, null, shape.Stride));
        double tolerance = shape.Type == ScalarType.BFloat16 ? 0.02 : 1e-4;
        return RelativeDifference(actual.Output, expected.Output) < tolerance
            && RelativeDifference(actual.Gradient, expected.Gradient) < tolerance;
    }

    private static OutputAndGradient RunWithGradient(Tensor x, Tensor weight, Func<Tensor, Tensor, Tensor> convolve)
    {
        var input = x.detach().requires_grad_(true);
        var output = convolve(input, weight);
        output.sum().backward();
        return new OutputAndGradient(output.detach(), input.grad!);
    }

    // The largest absolute difference, relative to the largest absolute value.
    private static double RelativeDifference(Tensor actual, Tensor expected) =>
        ((actual.to(ScalarType.Float64) - expected).abs().max() / expected.abs().max()).item<double>();

    private readonly record struct ConvolutionShape(long Outputs, long Channels, long Kernel, long Stride, ScalarType Type);

    private readonly record struct OutputAndGradient(Tensor Output, Tensor Gradient);
}

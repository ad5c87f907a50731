using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Encoder;

public sealed class StridedConvolutionTests
{
    // libtorch's own convolution gets many of these wrong on some processors: up to 10 % off in the gradient, a quarter in the output.
    [Theory]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(72)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(144)]
    [InlineData(240)]
    [InlineData(512)]
    public void Outputs_and_gradients_are_those_of_the_definition(int channels)
    {
        foreach (var (kernel, stride) in ((int, int)[])[(3, 2), (2, 2), (10, 5)])
        {
            using var scope = NewDisposeScope();
            var x = randn(3, channels, 61);
            var weight = randn(channels, channels, kernel);
            var (y, dx, dw) = Computed(x, weight, stride, (a, b, c) => StridedConvolution.Apply(a, b, null, c));
            var (expectedY, expectedDx, expectedDw) = Computed(x.to(ScalarType.Float64), weight.to(ScalarType.Float64), stride, Definition);
            Assert.True(Apart(y, expectedY) < 1e-5, $"{channels} channels, kernel {kernel}: output");
            Assert.True(Apart(dx, expectedDx) < 1e-5, $"{channels} channels, kernel {kernel}: gradient of the input");
            Assert.True(Apart(dw, expectedDw) < 1e-5, $"{channels} channels, kernel {kernel}: gradient of the weight");
        }
    }

    [Fact]
    public void The_product_has_the_bias_too()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(2, 3, 20), weight = randn(4, 3, 3), bias = randn(4);
        Tensor exact = nn.functional.conv1d(
            x.to(ScalarType.Float64),
            weight.to(ScalarType.Float64),
            bias.to(ScalarType.Float64),
            2);
        Assert.True(Apart(StridedConvolution.AsProduct(x, weight, bias, 2), exact) < 1e-5);
    }

    // Σ over taps of weight[.., tap] · x[.., start + tap], as matrix products alone.
    private static Tensor Definition(Tensor x, Tensor weight, long stride)
    {
        long kernel = weight.shape[2];
        long frames = ((x.shape[2] - kernel) / stride) + 1;
        var taps = Enumerable.Range(0, (int)kernel).Select(tap =>
            matmul(weight.select(2, tap), x.slice(2, tap, tap + ((frames - 1) * stride) + 1, stride)));
        return stack(taps.ToArray()).sum([0L]);
    }

    private static (Tensor Y, Tensor Dx, Tensor Dw) Computed(
        Tensor x,
        Tensor weight,
        long stride,
        Func<Tensor, Tensor, long, Tensor> convolve)
    {
        Tensor input = x.detach().requires_grad_(true), kernels = weight.detach().requires_grad_(true);
        var y = convolve(input, kernels, stride);
        (y * y).sum().backward();
        return (y.detach(), input.grad!, kernels.grad!);
    }

    private static double Apart(Tensor a, Tensor b) => ((a.to(ScalarType.Float64) - b).norm() / b.norm()).item<double>();
}

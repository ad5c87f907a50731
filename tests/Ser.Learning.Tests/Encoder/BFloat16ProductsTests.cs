using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Encoder;

/// <summary>
/// Products of bfloat16 numbers are the exact ones, rounded once, on every kind of processor. libtorch's strided convolution is within one
/// unit in the last place of the sum of its terms' magnitudes: on processors with AVX512_BF16 it rounds partial sums of gradients, whose
/// terms may cancel.
/// </summary>
public sealed class BFloat16ProductsTests
{
    private const double HalfUlp = 1.0 / 256; // of 8 bits of mantissa

    [Fact]
    public void A_linear_map_is_the_exact_one_rounded_and_so_are_its_gradients() =>
        IsRounded([12, 200], [32, 200], (x, weight) => BFloat16Products.Linear(x, weight, null), (x, weight) => matmul(x, weight.t()));

    [Fact]
    public void A_product_of_matrices_is_the_exact_one_rounded_and_so_are_its_gradients() =>
        IsRounded([2, 3, 20, 50], [2, 3, 50, 10], BFloat16Products.Matmul, matmul);

    [Fact]
    public void A_strided_convolution_is_the_exact_one_within_the_rounding_of_partial_sums_and_so_are_its_gradients() =>
        IsRounded(
            [2, 16, 101],
            [24, 16, 3],
            (x, weight) => BFloat16Products.Convolution(
                x,
                weight,
                null,
                (signal, kernel, bias) => StridedConvolution.Apply(signal, kernel, bias, 2)),
            (x, weight) => StridedConvolution.AsProduct(x, weight, null, 2),
            partialSumsAreRounded: true);

    [Fact]
    public void A_bias_is_added_before_the_rounding()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, 1f]).view(1, 2).to(ScalarType.BFloat16);
        var weight = tensor([1f, 1f / 256]).view(1, 2).to(ScalarType.BFloat16);
        var bias = tensor([1f / 256]).to(ScalarType.BFloat16);

        // If the sum were rounded before the bias is added, the sum of the products would be 1 and the bias lost.
        Assert.Equal(1 + (1.0 / 128), BFloat16Products.Linear(x, weight, bias).to(ScalarType.Float64).item<double>());
    }

    private static void IsRounded(
        long[] left,
        long[] right,
        Func<Tensor, Tensor, Tensor> product,
        Func<Tensor, Tensor, Tensor> exact,
        bool partialSumsAreRounded = false)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var a = randn(left, generator: generator).to(ScalarType.BFloat16);
        var b = randn(right, generator: generator).to(ScalarType.BFloat16);
        var slope = randn(exact(a.to(ScalarType.Float64), b.to(ScalarType.Float64)).shape, generator: generator).to(ScalarType.BFloat16);

        var rounded = All(a, b, slope, product);
        var whole = All(a.to(ScalarType.Float64), b.to(ScalarType.Float64), slope.to(ScalarType.Float64), exact);
        var magnitudes = All(Magnitudes(a), Magnitudes(b), Magnitudes(slope), exact);
        foreach (var (got, expected, magnitude) in rounded.Zip(whole, partialSumsAreRounded ? magnitudes : whole))
        {
            Assert.Equal(ScalarType.BFloat16, got.dtype);
            double[] numbers = got.to(ScalarType.Float64).contiguous().data<double>().ToArray();
            double[] exactly = expected.contiguous().data<double>().ToArray();
            double[] sums = magnitude.contiguous().data<double>().ToArray();
            double relativeError = partialSumsAreRounded ? 2 * HalfUlp : HalfUlp;
            for (int i = 0; i < numbers.Length; i++)
            {
                // The constant allows for sums in float32 whose terms nearly cancel.
                Assert.Equal(exactly[i], numbers[i], (Math.Abs(sums[i]) * relativeError) + 1e-4);
            }
        }
    }

    private static Tensor Magnitudes(Tensor values) => values.to(ScalarType.Float64).abs();

    private static Tensor[] All(Tensor a, Tensor b, Tensor slope, Func<Tensor, Tensor, Tensor> product)
    {
        var (x, y) = (a.detach().requires_grad_(true), b.detach().requires_grad_(true));
        var z = product(x, y);
        z.backward([slope]);
        return [z.detach(), x.grad!, y.grad!];
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests;

public sealed class ArithmeticTests
{
    private const int Calls = 60_000;

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Compute, float Expected)> Ways = new()
    {
        ["Plus"] = ((x, y) => x.Add(y), 7),
        ["Times"] = ((x, _) => x.Mul(1.5), 3),
        ["Over"] = ((x, _) => x.Div(0.5), 4),
        ["AtLeast"] = ((x, _) => x.ClampMin(2.5), 2.5f),
        ["With"] = ((x, y) => x.MaskedFill(-3, y > x), -3),
        ["Scale"] = ((x, _) => x.clone().Mul_(0.25), 0.5f),
        ["Add"] = ((x, y) => x.clone().Add_(y, 0.5), 4.5f),
        ["AddProduct"] = ((x, y) => x.clone().AddCMul_(x, y, 0.1), 3),
        ["AddQuotient"] = ((x, y) => x.clone().AddCDiv_(y, x, 2), 7),
        ["Raise"] = ((x, _) => x.clone().Add_(1), 3),
    };

    public static TheoryData<string> Names => [.. Ways.Keys];

    // With TorchSharp's own operators some of these fail in nearly every run: the scalar can be collected while libtorch still reads it.
    [Theory]
    [MemberData(nameof(Names))]
    public void Garbage_collections_at_any_time_change_no_number(string name)
    {
        var (compute, expected) = Ways[name];
        using var x = tensor(2f);
        using var y = tensor(5f);
        using var done = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            for (int i = 0; i < Calls; i++)
            {
                using var scope = NewDisposeScope();
                Assert.Equal(expected, compute(x, y).item<float>());
            }
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }
    }
}

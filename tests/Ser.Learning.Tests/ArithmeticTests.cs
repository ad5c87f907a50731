using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests;

public sealed class ArithmeticTests
{
    private const int Calls = 60_000;

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Compute, float Expected)> Ways = new()
    {
        ["Plus"] = ((x, y) => x.Plus(y), 7),
        ["Times"] = ((x, _) => x.Times(1.5), 3),
        ["Over"] = ((x, _) => x.Over(0.5), 4),
        ["AtLeast"] = ((x, _) => x.AtLeast(2.5), 2.5f),
        ["With"] = ((x, y) => x.With(-3, y > x), -3),
        ["Scale"] = ((x, _) => x.clone().Scale(0.25), 0.5f),
        ["Add"] = ((x, y) => x.clone().Add(y, 0.5), 4.5f),
        ["AddProduct"] = ((x, y) => x.clone().AddProduct(x, y, 0.1), 3),
        ["AddQuotient"] = ((x, y) => x.clone().AddQuotient(y, x, 2), 7),
        ["Raise"] = ((x, _) => x.clone().Raise(1), 3),
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

using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>
/// Dropout of one training step, from a generator of its own: libtorch's global one would be shared by every job of the process.
/// </summary>
public sealed class Dropout(Draw draw, Device device) : IDisposable
{
    private readonly Generator generator = new(draw.NextUInt64(), device);

    /// <summary>x with elements zeroed with probability <paramref name="p"/> and the rest divided by 1 - p.</summary>
    public Tensor Apply(Tensor x, double p)
    {
        if (p == 0)
        {
            return x;
        }

        Tensor mask;
        using (no_grad())
        {
            mask = empty_like(x).bernoulli_(1 - p, generator).div_(1 - p);
        }

        return x * mask;
    }

    /// <summary>Whether this step skips a layer, with probability <paramref name="p"/>.</summary>
    public bool Skips(double p) => p > 0 && draw.NextDouble() < p;

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();
}

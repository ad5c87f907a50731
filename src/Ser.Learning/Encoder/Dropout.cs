using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>Dropout of one training step, from randomness of its own: libtorch's global generator would be shared by every job of the process.</summary>
public sealed class Dropout(Draw draw)
{
    /// <summary>x with elements zeroed with probability <paramref name="p"/> and the rest divided by 1 - p.</summary>
    public Tensor Apply(Tensor x, double p)
    {
        if (p == 0)
        {
            return x;
        }

        using var mask = empty(x.shape);
        DropoutMask.Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), p, draw.NextUInt64());
        return x * mask;
    }

    /// <summary>Whether this step skips a layer, with probability <paramref name="p"/>.</summary>
    public bool Skips(double p) => p > 0 && draw.NextDouble() < p;
}

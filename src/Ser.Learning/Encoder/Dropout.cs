using System.Runtime.InteropServices;
using Ser.Domain.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>
/// Dropout of one training step, from randomness of its own: libtorch's global generator would be shared by every job of the process. Rows of a batch may be
/// computed in parts: what is dropped in a row depends on the draw and on where the row stands in the batch alone.
/// </summary>
/// <param name="draw">Of the step; a second pass over it begins with an equal one.</param>
/// <param name="firstRow">Where the first row of every tensor stands in the batch.</param>
/// <param name="rows">Rows of the batch; null: of each tensor.</param>
public sealed class Dropout(Draw draw, long firstRow = 0, long? rows = null)
{
    /// <summary>x [rows, ...] with elements zeroed with probability <paramref name="p"/> and the rest divided by 1 - p.</summary>
    public Tensor Apply(Tensor x, double p)
    {
        if (p == 0)
        {
            return x;
        }

        ulong key = draw.NextUInt64();
        using var mask = x.device_type == DeviceType.CUDA ? OnDevice(x, p, key) : Counted(x, p, key);
        return x * mask;
    }

    /// <summary>Whether this step skips a layer, with probability <paramref name="p"/>.</summary>
    public bool Skips(double p) => p > 0 && draw.NextDouble() < p;

    private Tensor Counted(Tensor x, double p, ulong key)
    {
        var mask = empty(x.shape, x.dtype);
        long before = firstRow * (x.numel() / x.shape[0]);
        if (x.dtype == ScalarType.BFloat16)
        {
            DropoutMask.FillBFloat16(MemoryMarshal.Cast<byte, ushort>(mask.bytes), p, key, before);
        }
        else
        {
            DropoutMask.Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), p, key, before);
        }

        return mask;
    }

    // Drawn where it is used, for the whole batch: the device's generator cannot begin in the middle.
    private Tensor OnDevice(Tensor x, double p, ulong key)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(key, x.device);
        var kept = empty([rows ?? x.shape[0], .. x.shape[1..]], x.dtype, x.device).bernoulli_(1 - p, generator);
        return kept.narrow(0, firstRow, x.shape[0]).Over(1 - p).MoveToOuterDisposeScope();
    }
}

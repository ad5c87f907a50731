using System.Runtime.InteropServices;
using Ser.Domain.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>
/// Dropout of one training step. It has its own random stream, because all jobs of the process share libtorch's global generator.
/// A batch may be computed in parts: what is dropped in a row depends only on the stream and on the position of the row in the batch.
/// </summary>
/// <param name="random">The random stream of the step. A second pass over the same step must begin with an equal stream.</param>
/// <param name="firstRow">Position in the batch of the first row of every tensor.</param>
/// <param name="rows">Number of rows of the batch; null: every tensor holds the whole batch.</param>
public sealed class Dropout(RandomStream random, long firstRow = 0, long? rows = null)
{
    /// <summary>Zeroes elements of x [rows, ...] with probability <paramref name="p"/> and divides the rest by 1 - p.</summary>
    public Tensor Apply(Tensor x, double p)
    {
        if (p == 0)
        {
            return x;
        }

        ulong key = random.NextUInt64();
        using var mask = x.device_type == DeviceType.CUDA ? CudaMask(x, p, key) : CpuMask(x, p, key);
        return x * mask;
    }

    /// <summary>Decides whether this step skips a layer (layer drop), with probability <paramref name="p"/>.</summary>
    public bool SkipsLayer(double p) => p > 0 && random.NextDouble() < p;

    private Tensor CpuMask(Tensor x, double p, ulong key)
    {
        var mask = empty(x.shape, x.dtype);
        long firstElement = firstRow * (x.numel() / x.shape[0]);
        if (x.dtype == ScalarType.BFloat16)
        {
            DropoutMask.FillBFloat16(MemoryMarshal.Cast<byte, ushort>(mask.bytes), p, key, firstElement);
        }
        else
        {
            DropoutMask.Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), p, key, firstElement);
        }

        return mask;
    }

    // The mask is drawn on the device for the whole batch, because the device's generator cannot start in the middle of its sequence.
    private Tensor CudaMask(Tensor x, double p, ulong key)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(key, x.device);
        var mask = empty([rows ?? x.shape[0], .. x.shape[1..]], x.dtype, x.device).bernoulli_(1 - p, generator);
        return mask.narrow(0, firstRow, x.shape[0]).Div(1 - p).MoveToOuterDisposeScope();
    }
}

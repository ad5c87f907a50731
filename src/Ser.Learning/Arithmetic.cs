using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning;

/// <summary>
/// Sums of tensors, and arithmetic of tensors with numbers. A trailing underscore means in place, as in torch.
/// TorchSharp wraps every number in a native scalar, even the implicit 1 in a + b, and keeps no reference to it during the native call.
/// A garbage collection at that moment frees the scalar, and libtorch throws or computes with a wrong number.
/// The methods here keep each scalar alive until the call has returned.
/// eng/BannedSymbols.Torch.txt bans TorchSharp's own overloads; see docs/decisions/0007.
/// </summary>
internal static class Arithmetic
{
    private static readonly Scalar One = 1L.ToScalar();

    /// <summary>x + y.</summary>
    internal static Tensor Add(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>n · x.</summary>
    internal static Tensor Mul(this Tensor x, double n)
    {
        using var number = n.ToScalar();
        return x.mul(number);
    }

    /// <summary>x / n.</summary>
    internal static Tensor Div(this Tensor x, double n)
    {
        using var number = n.ToScalar();
        return x.div(number);
    }

    /// <summary>max(x, n), element by element.</summary>
    internal static Tensor ClampMin(this Tensor x, double n)
    {
        using var number = n.ToScalar();
        return x.clamp_min(number);
    }

    /// <summary>x with elements replaced by n where <paramref name="mask"/> is true.</summary>
    internal static Tensor MaskedFill(this Tensor x, double n, Tensor mask)
    {
        using var number = n.ToScalar();
        return x.masked_fill(mask, number);
    }

    /// <summary>x ← n · x.</summary>
    internal static Tensor Mul_(this Tensor x, double n)
    {
        using var number = n.ToScalar();
        return x.mul_(number);
    }

    /// <summary>x ← x + n · y.</summary>
    internal static Tensor Add_(this Tensor x, Tensor y, double n = 1)
    {
        using var number = n.ToScalar();
        return x.add_(y, number);
    }

    /// <summary>x ← x + n · y · z.</summary>
    internal static Tensor AddCMul_(this Tensor x, Tensor y, Tensor z, double n)
    {
        using var number = n.ToScalar();
        return x.addcmul_(y, z, number);
    }

    /// <summary>x ← x + n · y / z.</summary>
    internal static Tensor AddCDiv_(this Tensor x, Tensor y, Tensor z, double n)
    {
        using var number = n.ToScalar();
        return x.addcdiv_(y, z, number);
    }

    /// <summary>x ← x + n.</summary>
    internal static Tensor Add_(this Tensor x, double n)
    {
        using var number = n.ToScalar();
        return x.add_(number, One);
    }
}

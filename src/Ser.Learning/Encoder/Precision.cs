namespace Ser.Learning.Encoder;

/// <summary>
/// The data type of matrix products and convolutions in a training step. Weights, gradients, norms, losses and the optimiser are always
/// float32.
/// </summary>
public enum Precision
{
    /// <summary>24 bits of mantissa.</summary>
    Float32,

    /// <summary>8 bits of mantissa and the range of float32, so that no loss scaling is needed.</summary>
    BFloat16,
}

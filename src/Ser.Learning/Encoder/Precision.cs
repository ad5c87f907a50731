namespace Ser.Learning.Encoder;

/// <summary>Type of the numbers that products and convolutions of a training step are computed in. Weights, gradients, norms, losses and the optimiser are float32 always.</summary>
public enum Precision
{
    /// <summary>24 bits of mantissa.</summary>
    Float32,

    /// <summary>8 bits of mantissa, the range of float32: no loss scaling is needed.</summary>
    BFloat16,
}

using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>How eq. 1 is reduced over anchors.</summary>
public enum Reduction
{
    /// <summary>Mean over the anchors that have a positive.</summary>
    MeanValid,

    /// <summary>Mean over all anchors.</summary>
    MeanAll,

    /// <summary>Sum over all anchors, as eq. 1 is written.</summary>
    Sum,
}

/// <summary>Equations 1 and 2 of the paper.</summary>
public static class Losses
{
    /// <summary>
    /// Eq. 1, the supervised contrastive loss. An anchor without a positive contributes exactly 0, but is still in the denominators of
    /// other anchors.
    /// </summary>
    /// <param name="x">Embeddings [N, D].</param>
    /// <param name="labels">Classes [N], int64.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="normalize">Whether each x is divided by max(‖x‖, 1e-12) first.</param>
    /// <param name="reduction">The reduction over anchors.</param>
    /// <returns>A scalar.</returns>
    public static Tensor SupervisedContrastive(Tensor x, Tensor labels, double temperature, bool normalize, Reduction reduction)
    {
        var perAnchor = PerAnchor(x, labels, temperature, normalize, out var hasPositive);
        return reduction switch
        {
            Reduction.Sum => perAnchor.sum(),
            Reduction.MeanAll => perAnchor.mean(),
            _ => perAnchor.sum() / hasPositive.sum().ClampMin(1).to(x.dtype),
        };
    }

    /// <summary>Eq. 1 for each anchor: [N].</summary>
    public static Tensor PerAnchor(Tensor x, Tensor labels, double temperature, bool normalize, out Tensor hasPositive)
    {
        if (normalize)
        {
            x = x / (x * x).sum([1L], keepdim: true).sqrt().ClampMin(1e-12);
        }

        using var self = eye(x.shape[0], dtype: ScalarType.Bool, device: x.device);
        var similarity = matmul(x, x.t()).Div(temperature); // [N, N]

        // The anchor itself is in neither sum. logsumexp is stable because it subtracts the maximum.
        var logProbability = similarity - similarity.MaskedFill(double.NegativeInfinity, self).logsumexp(1, keepdim: true);
        var positive = labels.unsqueeze(0).eq(labels.unsqueeze(1)).logical_and(self.logical_not());
        var positives = positive.sum(1); // |P(i)|
        hasPositive = positive.any(1);
        return -logProbability.MaskedFill(0, positive.logical_not()).sum([1L]) / positives.ClampMin(1).to(x.dtype);
    }

    /// <summary>Eq. 2: (1 - λ) · cross-entropy + λ · contrastive.</summary>
    public static Tensor Combined(Tensor crossEntropy, Tensor contrastive, double lambda) =>
        crossEntropy.Mul(1 - lambda).Add(contrastive.Mul(lambda));
}

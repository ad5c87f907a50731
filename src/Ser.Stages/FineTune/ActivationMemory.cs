using Ser.Checkpoints;

namespace Ser.Stages.FineTune;

/// <summary>
/// Estimates the memory that a training step needs for activations. The estimate depends only on shapes and never on the machine, because
/// the way in which a batch is divided affects the last bits of results.
/// </summary>
public static class ActivationMemory
{
    // With this budget, base with 24 rows of 7.5 s runs in two parts and peaks at 12 GiB; in one part it takes 18 GiB
    // (docs/performance.md).
    private const double Budget = 8.0 * (1L << 30);

    /// <summary>Number of rows of a step that are computed at once on a CPU; 0 where the whole batch fits.</summary>
    /// <param name="config">Architecture of the encoder.</param>
    /// <param name="rows">Rows of a batch, including views.</param>
    /// <param name="maxSeconds">Length of the longest row in seconds, at 16 kHz.</param>
    /// <param name="convolutions">Whether the convolutional encoder is trained too.</param>
    /// <param name="bfloat16">Whether products are computed in bfloat16.</param>
    public static int RowsAtOnce(EncoderConfig config, int rows, double maxSeconds, bool convolutions, bool bfloat16)
    {
        int fitting = (int)Math.Clamp(Budget / BytesPerRow(config, maxSeconds, convolutions, bfloat16), 1, rows);
        int parts = (rows + fitting - 1) / fitting;
        return parts == 1 ? 0 : (rows + parts - 1) / parts;
    }

    /// <summary>Bytes of activations that the forward pass of one row keeps.</summary>
    public static double BytesPerRow(EncoderConfig config, double maxSeconds, bool convolutions, bool bfloat16)
    {
        long samples = (long)(maxSeconds * 16_000);
        double frames = config.Frames(samples);
        double product = bfloat16 ? 2 : 4;

        // weights: attention weights, their dropout mask and the product of both.
        // narrow: queries, keys and values, each twice; inputs of norms and of products; dropout masks.
        // wide: input and output of GELU.
        double weights = 3 * config.Heads * frames * frames * product;
        double narrow = frames * config.Width * ((8 * product) + (5 * 4));
        double wide = 2 * frames * config.FeedForward * product;
        double layers = config.Layers * (weights + narrow + wide);

        // Each convolution keeps its output and its activation, and a norm keeps another copy.
        double channels = convolutions
            ? config.Convolution.Select((layer, i) => layer.Channels * Frames(config, i, samples) * 3 * product).Sum()
            : 0;
        return layers + channels;
    }

    // Frames after the convolutions up to and including layer `last`.
    private static double Frames(EncoderConfig config, int last, long samples)
    {
        var upToLast = config with { Convolution = [.. config.Convolution.Take(last + 1)] };
        return upToLast.Frames(samples);
    }
}

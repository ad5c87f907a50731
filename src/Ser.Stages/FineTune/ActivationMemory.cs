using Ser.Checkpoints;

namespace Ser.Stages.FineTune;

/// <summary>
/// What a step keeps until its gradients are taken back. An estimate from shapes alone, never from the machine at hand: how a batch is divided decides the last bits of a result.
/// </summary>
public static class ActivationMemory
{
    // base with 24 rows of 7.5 s then runs in two parts and peaks at 12 GiB; whole it takes 18 (docs/performance.md).
    private const double Budget = 8.0 * (1L << 30);

    /// <summary>Rows of a step that are computed at once on a processor; 0 where a whole batch fits.</summary>
    /// <param name="config">Of the encoder.</param>
    /// <param name="rows">Rows of a batch, views counted.</param>
    /// <param name="maxSeconds">Longest row, 16 kHz.</param>
    /// <param name="convolutions">Whether the convolutional encoder is trained too.</param>
    /// <param name="bfloat16">Whether products are computed in bfloat16.</param>
    public static int RowsAtOnce(EncoderConfig config, int rows, double maxSeconds, bool convolutions, bool bfloat16)
    {
        int fitting = (int)Math.Clamp(Budget / OfRow(config, maxSeconds, convolutions, bfloat16), 1, rows);
        int parts = (rows + fitting - 1) / fitting;
        return parts == 1 ? 0 : (rows + parts - 1) / parts;
    }

    /// <summary>Bytes that a row leaves on its way forward.</summary>
    public static double OfRow(EncoderConfig config, double maxSeconds, bool convolutions, bool bfloat16)
    {
        long samples = (long)(maxSeconds * 16_000);
        double frames = config.Frames(samples);
        double product = bfloat16 ? 2 : 4;

        // Attention weights, their mask and the two multiplied; queries, keys and values, twice; inputs of norms and of products, and masks; both sides of GELU.
        double weights = 3 * config.Heads * frames * frames * product;
        double narrow = frames * config.Width * ((8 * product) + (5 * 4));
        double wide = 2 * frames * config.FeedForward * product;
        double layers = config.Layers * (weights + narrow + wide);

        // Each convolution leaves its sum and its activation; a norm once more.
        double channels = convolutions ? config.Convolution.Select((layer, i) => layer.Channels * Frames(config, i, samples) * 3 * product).Sum() : 0;
        return layers + channels;
    }

    private static double Frames(EncoderConfig config, int last, long samples) => (config with { Convolution = [.. config.Convolution.Take(last + 1)] }).Frames(samples);
}

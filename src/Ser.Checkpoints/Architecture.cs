namespace Ser.Checkpoints;

/// <summary>The architecture of a checkpoint's encoder.</summary>
/// <param name="Config">The architecture.</param>
/// <param name="NormalizeInput">Whether the encoder was trained on waveforms of zero mean and unit variance.</param>
/// <param name="Source">Where it was read from: a file, a part of the checkpoint, or the shapes of the tensors.</param>
/// <param name="Unknown">
/// What could not be determined and how to specify it; null where everything is known. The configuration has a 1 in its place.
/// </param>
public sealed record Architecture(EncoderConfig Config, bool NormalizeInput, string Source, string? Unknown = null)
{
    private const int MaxWidth = 1 << 20, MaxLayers = 1024, MaxConvolutions = 64;

    /// <summary>Returns this architecture after checking its sizes.</summary>
    /// <exception cref="InvalidDataException">
    /// A size is not positive or far too large, or heads or groups do not divide the width. The message names it.
    /// </exception>
    internal Architecture Checked()
    {
        CheckRange("width", Config.Width, MaxWidth);
        CheckRange("attention heads", Config.Heads, Config.Width);
        CheckRange("feed-forward width", Config.FeedForward, MaxWidth);
        CheckRange("layers", Config.Layers, MaxLayers);
        CheckRange("kernel of the positional convolution", Config.PositionKernel, MaxWidth);
        CheckRange("groups of the positional convolution", Config.PositionGroups, Config.Width);
        CheckRange("convolutions", Config.Convolution.Count, MaxConvolutions);
        foreach (var layer in Config.Convolution)
        {
            CheckRange("channels of a convolution", layer.Channels, MaxWidth);
            CheckRange("kernel of a convolution", layer.Kernel, MaxWidth);
            CheckRange("stride of a convolution", layer.Stride, MaxWidth);
        }

        if (Config.Width % Config.Heads != 0 || Config.Width % Config.PositionGroups != 0)
        {
            string divisors = $"{Config.Heads} attention heads and {Config.PositionGroups} groups of the positional convolution";
            throw InvalidCheckpoint.Create(Source, $"{divisors} do not divide the width {Config.Width}; both must");
        }

        return this;
    }

    private void CheckRange(string what, int value, int max)
    {
        if (value < 1 || value > max)
        {
            string problem = $"{what}: {value} is not in the range 1 to {max}";
            throw InvalidCheckpoint.Create(Source, $"{problem}; use the configuration that was published with the checkpoint");
        }
    }
}

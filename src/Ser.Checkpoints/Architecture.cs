namespace Ser.Checkpoints;

/// <summary>An encoder's architecture as a checkpoint tells it.</summary>
/// <param name="Config">The architecture.</param>
/// <param name="NormalizeInput">Whether the encoder was trained on waveforms of zero mean and unit variance.</param>
/// <param name="Source">Where it was read: a file, a part of the checkpoint, or the tensors' shapes.</param>
/// <param name="Unknown">What could not be told and how to say it; null where all is known. The configuration has a 1 in its place.</param>
public sealed record Architecture(EncoderConfig Config, bool NormalizeInput, string Source, string? Unknown = null)
{
    private const int Widest = 1 << 20, MostLayers = 1024, MostConvolutions = 64;

    /// <summary>This architecture, if it can be computed at all.</summary>
    /// <exception cref="InvalidDataException">A size is not positive or out of all proportion, or heads or groups do not divide the width; the message names it.</exception>
    internal Architecture Checked()
    {
        Within("width", Config.Width, Widest);
        Within("attention heads", Config.Heads, Config.Width);
        Within("feed-forward width", Config.FeedForward, Widest);
        Within("layers", Config.Layers, MostLayers);
        Within("kernel of the positional convolution", Config.PositionKernel, Widest);
        Within("groups of the positional convolution", Config.PositionGroups, Config.Width);
        Within("convolutions", Config.Convolution.Count, MostConvolutions);
        foreach (var layer in Config.Convolution)
        {
            Within("channels of a convolution", layer.Channels, Widest);
            Within("kernel of a convolution", layer.Kernel, Widest);
            Within("stride of a convolution", layer.Stride, Widest);
        }

        if (Config.Width % Config.Heads != 0 || Config.Width % Config.PositionGroups != 0)
        {
            throw Unsound.File(Source, $"{Config.Heads} attention heads and {Config.PositionGroups} groups of the positional convolution do not divide the width {Config.Width}; both must");
        }

        return this;
    }

    private void Within(string what, int value, int most)
    {
        if (value < 1 || value > most)
        {
            throw Unsound.File(Source, $"{what}: {value} is not within 1 to {most}; take the configuration that was published with the checkpoint");
        }
    }
}

namespace Ser.Checkpoints;

/// <summary>One layer of the convolutional feature encoder.</summary>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Kernel width in input samples.</param>
/// <param name="Stride">Stride in input samples.</param>
public sealed record ConvLayer(int Channels, int Kernel, int Stride);

/// <summary>Architecture and dropout probabilities of a wav2vec 2.0 encoder (Baevski et al. 2020).</summary>
public sealed record EncoderConfig
{
    /// <summary>Layers of the convolutional feature encoder.</summary>
    public required IReadOnlyList<ConvLayer> Convolution { get; init; }

    /// <summary>Whether the convolutions have a bias (large variants).</summary>
    public bool ConvolutionBias { get; init; }

    /// <summary>
    /// True: layer norm over channels after every convolution (large variants).
    /// False: group norm with one group per channel, after the first convolution only (base).
    /// </summary>
    public bool ConvolutionLayerNorm { get; init; }

    /// <summary>Width of the transformer.</summary>
    public required int Width { get; init; }

    /// <summary>Number of attention heads, a divisor of <see cref="Width"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Inner width of the feed-forward blocks.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Kernel width of the positional convolution. Where it is even, the last frame of the output is dropped.</summary>
    public int PositionKernel { get; init; } = 128;

    /// <summary>Groups of the positional convolution.</summary>
    public int PositionGroups { get; init; } = 16;

    /// <summary>True: layer norm before each block and after the last (large variants). False: after each block (base).</summary>
    public bool NormFirst { get; init; }

    /// <summary>ε of every norm.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Dropout on the projected features.</summary>
    public double FeatureDropout { get; init; } = 0.1;

    /// <summary>Dropout on the transformer's input and on the output of each block.</summary>
    public double HiddenDropout { get; init; } = 0.1;

    /// <summary>Dropout on attention weights.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Dropout inside the feed-forward blocks.</summary>
    public double ActivationDropout { get; init; }

    /// <summary>Probability that a step skips a layer.</summary>
    public double LayerDrop { get; init; }

    /// <summary>Channels of the convolutional encoder's output.</summary>
    public int FeatureChannels => Convolution[^1].Channels;

    /// <summary>
    /// The number of frames for <paramref name="samples"/> samples: max(0, floor((n - kernel) / stride) + 1), layer by layer.
    /// </summary>
    public long Frames(long samples) =>
        Convolution.Aggregate(samples, (n, layer) => Math.Max(0, n < layer.Kernel ? 0 : ((n - layer.Kernel) / layer.Stride) + 1));

    /// <summary>Returns the preset tiny, base or large.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static EncoderConfig Preset(string name) => name switch
    {
        "tiny" => new EncoderConfig
        {
            Convolution = PublishedConvolution(64),
            Width = 96,
            Heads = 4,
            FeedForward = 192,
            Layers = 2,
            PositionKernel = 32,
            PositionGroups = 4,
        },
        "base" => new EncoderConfig
        {
            Convolution = PublishedConvolution(512),
            Width = 768,
            Heads = 12,
            FeedForward = 3072,
            Layers = 12,
            LayerDrop = 0.05,
        },
        "large" => new EncoderConfig
        {
            Convolution = PublishedConvolution(512),
            ConvolutionBias = true,
            ConvolutionLayerNorm = true,
            Width = 1024,
            Heads = 16,
            FeedForward = 4096,
            Layers = 24,
            NormFirst = true,
            LayerDrop = 0.1,
        },
        _ => throw new ArgumentException($"there is no encoder preset '{name}': it should be tiny, base or large", nameof(name)),
    };

    private static ConvLayer[] PublishedConvolution(int channels) =>
    [
        new(channels, 10, 5),
        new(channels, 3, 2),
        new(channels, 3, 2),
        new(channels, 3, 2),
        new(channels, 3, 2),
        new(channels, 2, 2),
        new(channels, 2, 2),
    ];
}

using Ser.Domain.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>
/// Masking of the projected features, as in the fine-tuning of wav2vec 2.0 (Park et al. 2019; Baevski et al. 2020). Spans of 15 frames are
/// replaced by the mask vector, and spans of 64 channels by 0. Without overlaps the spans cover 8 % of the frames and 5 % of the channels.
/// What is masked in a row depends only on (seed, epoch, utterance, view).
/// </summary>
public static class SpecAugment
{
    private const double TimeShare = 0.08;
    private const int TimeSpan = 15;
    private const double ChannelShare = 0.05;
    private const int ChannelSpan = 64;

    /// <summary>
    /// Chooses masked positions: share · length / span random spans, a number that is rounded up or down at random so that its mean is
    /// exact.
    /// </summary>
    /// <param name="length">Number of positions.</param>
    /// <param name="share">Share of the positions that spans cover if they do not overlap.</param>
    /// <param name="span">Length of a span.</param>
    /// <param name="random">The random numbers.</param>
    /// <returns>True for masked positions.</returns>
    public static bool[] DrawSpans(int length, double share, int span, RandomStream random)
    {
        var masked = new bool[length];
        int count = (int)((share * length / span) + random.NextDouble());
        for (int i = 0; i < count && span <= length; i++)
        {
            Array.Fill(masked, true, random.NextInt(length - span + 1), span);
        }

        return masked;
    }

    /// <summary>Creates the masks of some rows.</summary>
    /// <param name="streams">The random numbers of each row.</param>
    /// <param name="frames">Valid frames of each row.</param>
    /// <param name="maxFrames">F.</param>
    /// <param name="width">D.</param>
    internal static FeatureMasks CreateMasks(IReadOnlyList<RandomStream> streams, long[] frames, long maxFrames, int width)
    {
        var time = new float[streams.Count * maxFrames];
        var channels = new float[streams.Count * width];
        Array.Fill(time, 1);
        Array.Fill(channels, 1);
        for (int row = 0; row < streams.Count; row++)
        {
            int valid = (int)frames[row];
            Clear(time.AsSpan((int)(row * maxFrames), valid), DrawSpans(valid, TimeShare, TimeSpan, streams[row]));
            Clear(channels.AsSpan(row * width, width), DrawSpans(width, ChannelShare, ChannelSpan, streams[row]));
        }

        return new FeatureMasks(tensor(time, [streams.Count, maxFrames, 1]), tensor(channels, [streams.Count, 1, width]));

        static void Clear(Span<float> mask, bool[] masked)
        {
            for (int i = 0; i < masked.Length; i++)
            {
                mask[i] = masked[i] ? 0 : 1;
            }
        }
    }

    /// <summary>x [B, F, D] with masked frames replaced by the mask vector, then masked channels by 0.</summary>
    internal static Tensor Apply(Tensor x, Tensor time, Tensor channels, Tensor maskVector)
    {
        using var one = ones_like(time);
        return (x * time).Add(maskVector * (one - time)) * channels;
    }
}

/// <summary>Masks of some rows, 1 where a value stays.</summary>
/// <param name="Time">[B, F, 1].</param>
/// <param name="Channels">[B, 1, D].</param>
internal readonly record struct FeatureMasks(Tensor Time, Tensor Channels);

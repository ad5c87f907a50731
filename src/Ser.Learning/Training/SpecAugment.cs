using Ser.Domain.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Training;

/// <summary>
/// Masking of the projected features as wav2vec 2.0 is fine-tuned with it (Park et al. 2019; Baevski et al. 2020): spans of 15 frames, 8 % of the frames in all before spans
/// overlap, become the mask vector; spans of 64 channels, 5 % in all, become 0. What is masked in a row depends on (seed, epoch, utterance, view) alone.
/// </summary>
public static class SpecAugment
{
    private const double TimeShare = 0.08;
    private const int TimeSpan = 15;
    private const double ChannelShare = 0.05;
    private const int ChannelSpan = 64;

    /// <summary>Which of <paramref name="length"/> places are masked: share · length / span spans of the width <paramref name="span"/>, rounded up or down at random so that the mean is right.</summary>
    public static bool[] Spans(int length, double share, int span, Draw draw)
    {
        var masked = new bool[length];
        int count = (int)((share * length / span) + draw.NextDouble());
        for (int i = 0; i < count && span <= length; i++)
        {
            Array.Fill(masked, true, draw.Int(length - span + 1), span);
        }

        return masked;
    }

    /// <summary>Masks of some rows: time [B, F, 1] and channels [B, 1, D], 1 where a value stays.</summary>
    /// <param name="draws">Of each row.</param>
    /// <param name="frames">Valid frames of each row.</param>
    /// <param name="most">F.</param>
    /// <param name="width">D.</param>
    internal static (Tensor Time, Tensor Channels) Masks(IReadOnlyList<Draw> draws, long[] frames, long most, int width)
    {
        var time = new float[draws.Count * most];
        var channels = new float[draws.Count * width];
        Array.Fill(time, 1);
        Array.Fill(channels, 1);
        for (int row = 0; row < draws.Count; row++)
        {
            Clear(time.AsSpan((int)(row * most), (int)frames[row]), Spans((int)frames[row], TimeShare, TimeSpan, draws[row]));
            Clear(channels.AsSpan(row * width, width), Spans(width, ChannelShare, ChannelSpan, draws[row]));
        }

        return (tensor(time, [draws.Count, most, 1]), tensor(channels, [draws.Count, 1, width]));

        static void Clear(Span<float> kept, bool[] masked)
        {
            for (int i = 0; i < masked.Length; i++)
            {
                kept[i] = masked[i] ? 0 : 1;
            }
        }
    }

    /// <summary>x [B, F, D] with masked frames replaced by the mask vector, then masked channels by 0.</summary>
    internal static Tensor Apply(Tensor x, Tensor time, Tensor channels, Tensor maskVector)
    {
        using var one = ones_like(time);
        return (x * time).Plus(maskVector * (one - time)) * channels;
    }
}

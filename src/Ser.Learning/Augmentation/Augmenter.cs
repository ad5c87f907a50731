using Ser.Audio;
using Ser.Domain.Randomness;

namespace Ser.Learning.Augmentation;

/// <summary>
/// Augmented views of an utterance. Applied to the cut, normalised waveform at 16 kHz; the result is not normalised again and keeps its length.
/// What comes out depends on the waveform, the augmentation and the draw's key alone.
/// </summary>
public static class Augmenter
{
    // The order in which a sound meets them: voice, room, distance, place in the recording, microphone.
    private static readonly string[] Chain = ["pitch", "reverberation", "volume", "shift", "noise"];
    private static readonly string[] Paper = ["noise", "volume", "reverberation", "pitch"];

    /// <summary>What may be asked for, besides several joined by '+', as in noise+shift.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", .. Paper, "shift", "mixed"];

    /// <summary>
    /// An augmented copy of <paramref name="x"/> [samples]. noise: white or pink, 5 to 20 dB; volume: a smooth envelope between -10 and +10 dB;
    /// reverberation: T60 0.2 to 0.8 s; pitch: -3 to +3 semitones; shift: up to a tenth of the length either way, filled with zeros (not in the paper, for short corpora);
    /// mixed: two to four of the paper's four, each at most once; none: a plain copy.
    /// </summary>
    /// <exception cref="ArgumentException">The augmentation is not known.</exception>
    public static float[] Apply(string augmentation, float[] x, Draw draw, AugmentationFiles? files = null)
    {
        var chosen = Chosen(augmentation, draw);
        double[] y = Array.ConvertAll(x, sample => (double)sample);
        foreach (string name in Chain.Where(chosen.Contains))
        {
            y = One(name, y, draw, files ?? AugmentationFiles.None);
        }

        return Array.ConvertAll(y, sample => (float)sample);
    }

    /// <summary>y_i = x_(i - samples), zero where there is no such sample.</summary>
    public static double[] Shift(double[] x, int samples)
    {
        var y = new double[x.Length];
        int kept = Math.Max(0, x.Length - Math.Abs(samples));
        x.AsSpan(Math.Min(x.Length, Math.Max(0, -samples)), kept).CopyTo(y.AsSpan(Math.Min(x.Length, Math.Max(0, samples))));
        return y;
    }

    private static string[] Chosen(string augmentation, Draw draw)
    {
        if (augmentation == "none")
        {
            return [];
        }

        if (augmentation == "mixed")
        {
            string[] paper = [.. Paper];
            draw.Shuffle<string>(paper);
            return paper[..(2 + draw.Int(3))];
        }

        string[] names = augmentation.Split('+');
        return names.All(Chain.Contains)
            ? names
            : throw new ArgumentException($"there is no augmentation '{augmentation}': it should be one of {string.Join(", ", Names)}, or several joined by '+'", nameof(augmentation));
    }

    private static double[] One(string name, double[] x, Draw draw, AugmentationFiles files) => name switch
    {
        "noise" => Noise.Add(x, SomeNoise(x.Length, draw, files.Noises), draw.Uniform(5, 20)),
        "volume" => Volume.Gain(x, Volume.Envelope(x.Length, draw)),
        "reverberation" => Reverberation.Apply(x, files.Responses.Count > 0 ? files.Responses[draw.Int(files.Responses.Count)] : Reverberation.Response(draw.Uniform(0.2, 0.8), draw)),
        "pitch" => Pitch.Shift(x, draw.Uniform(-3, 3)),
        _ => Shift(x, (int)(draw.Uniform(-0.1, 0.1) * x.Length)),
    };

    // Another stretch of a recorded noise each time.
    private static double[] SomeNoise(int length, Draw draw, IReadOnlyList<float[]> recorded)
    {
        length = Math.Max(1, length);
        if (recorded.Count == 0)
        {
            return draw.Int(2) == 0 ? Noise.White(length, draw) : Noise.Pink(length, draw);
        }

        float[] noise = recorded[draw.Int(recorded.Count)];
        int start = draw.Int(noise.Length);
        var stretch = new double[length];
        for (int i = 0; i < length; i++)
        {
            stretch[i] = noise[(start + i) % noise.Length];
        }

        return stretch;
    }
}

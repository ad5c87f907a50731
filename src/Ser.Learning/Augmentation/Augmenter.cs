using Ser.Audio;
using Ser.Domain.Randomness;

namespace Ser.Learning.Augmentation;

/// <summary>
/// Augmented views of an utterance. The input is the truncated, normalised waveform at 16 kHz. The result has the same length and is not
/// normalised again. It depends only on the waveform, the augmentation and the random stream.
/// </summary>
public static class Augmenter
{
    // The order in which augmentations are applied: that of the voice, the room, the distance, the position in the recording, the
    // microphone.
    private static readonly string[] Chain = ["pitch", "reverberation", "volume", "shift", "noise"];
    private static readonly string[] Paper = ["noise", "volume", "reverberation", "pitch"];

    /// <summary>Names of all augmentations. Several may be joined by '+', as in noise+shift.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", .. Paper, "shift", "mixed"];

    /// <summary>
    /// Returns an augmented copy of <paramref name="x"/> [samples].
    /// noise: white or pink, signal-to-noise ratio of 5 to 20 dB. volume: a smooth envelope between -10 and +10 dB.
    /// reverberation: T60 of 0.2 to 0.8 s. pitch: -3 to +3 semitones.
    /// shift: up to a tenth of the length either way, filled with zeros (not in the paper; for small corpora).
    /// mixed: two to four of the paper's four, each at most once. none: a plain copy.
    /// </summary>
    /// <exception cref="ArgumentException">There is no augmentation of that name.</exception>
    public static float[] Apply(string augmentation, float[] x, RandomStream random, AugmentationFiles? files = null)
    {
        string[] chosen = Choose(augmentation, random);
        double[] y = Array.ConvertAll(x, sample => (double)sample);
        foreach (string name in Chain.Where(chosen.Contains))
        {
            y = ApplyOne(name, y, random, files ?? AugmentationFiles.None);
        }

        return Array.ConvertAll(y, sample => (float)sample);
    }

    /// <summary>y_i = x_(i - samples), and zero where x has no such sample.</summary>
    public static double[] Shift(double[] x, int samples)
    {
        var y = new double[x.Length];
        int count = Math.Max(0, x.Length - Math.Abs(samples));
        int from = Math.Min(x.Length, Math.Max(0, -samples));
        int to = Math.Min(x.Length, Math.Max(0, samples));
        x.AsSpan(from, count).CopyTo(y.AsSpan(to));
        return y;
    }

    private static string[] Choose(string augmentation, RandomStream random)
    {
        if (augmentation == "none")
        {
            return [];
        }

        if (augmentation == "mixed")
        {
            string[] paper = [.. Paper];
            random.Shuffle<string>(paper);
            return paper[..(2 + random.NextInt(3))];
        }

        string[] names = augmentation.Split('+');
        if (names.All(Chain.Contains))
        {
            return names;
        }

        string cure = $"it should be one of {string.Join(", ", Names)}, or several joined by '+'";
        throw new ArgumentException($"there is no augmentation '{augmentation}': {cure}", nameof(augmentation));
    }

    private static double[] ApplyOne(string name, double[] x, RandomStream random, AugmentationFiles files) => name switch
    {
        "noise" => Noise.Add(x, DrawNoise(x.Length, random, files.Noises), random.NextUniform(5, 20)),
        "volume" => Volume.Gain(x, Volume.Envelope(x.Length, random)),
        "reverberation" => Reverberation.Apply(x, DrawResponse(random, files.Responses)),
        "pitch" => Pitch.Shift(x, random.NextUniform(-3, 3)),
        _ => Shift(x, (int)(random.NextUniform(-0.1, 0.1) * x.Length)),
    };

    private static double[] DrawResponse(RandomStream random, IReadOnlyList<double[]> recorded) => recorded.Count > 0
        ? recorded[random.NextInt(recorded.Count)]
        : Reverberation.Response(random.NextUniform(0.2, 0.8), random);

    // Of a recorded noise, a section that begins at a random sample and wraps around at the end.
    private static double[] DrawNoise(int length, RandomStream random, IReadOnlyList<float[]> recorded)
    {
        length = Math.Max(1, length);
        if (recorded.Count == 0)
        {
            return random.NextInt(2) == 0 ? Noise.White(length, random) : Noise.Pink(length, random);
        }

        float[] noise = recorded[random.NextInt(recorded.Count)];
        int start = random.NextInt(noise.Length);
        var section = new double[length];
        for (int i = 0; i < length; i++)
        {
            section[i] = noise[(start + i) % noise.Length];
        }

        return section;
    }
}

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
    public static float[] Apply(string augmentation, float[] x, Draw draw, AugmentationFiles? files = null)
    {
        string[] chosen = Choose(augmentation, draw);
        double[] y = Array.ConvertAll(x, sample => (double)sample);
        foreach (string name in Chain.Where(chosen.Contains))
        {
            y = ApplyOne(name, y, draw, files ?? AugmentationFiles.None);
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

    private static string[] Choose(string augmentation, Draw draw)
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
        if (names.All(Chain.Contains))
        {
            return names;
        }

        string cure = $"it should be one of {string.Join(", ", Names)}, or several joined by '+'";
        throw new ArgumentException($"there is no augmentation '{augmentation}': {cure}", nameof(augmentation));
    }

    private static double[] ApplyOne(string name, double[] x, Draw draw, AugmentationFiles files) => name switch
    {
        "noise" => Noise.Add(x, DrawNoise(x.Length, draw, files.Noises), draw.Uniform(5, 20)),
        "volume" => Volume.Gain(x, Volume.Envelope(x.Length, draw)),
        "reverberation" => Reverberation.Apply(x, DrawResponse(draw, files.Responses)),
        "pitch" => Pitch.Shift(x, draw.Uniform(-3, 3)),
        _ => Shift(x, (int)(draw.Uniform(-0.1, 0.1) * x.Length)),
    };

    private static double[] DrawResponse(Draw draw, IReadOnlyList<double[]> recorded) => recorded.Count > 0
        ? recorded[draw.Int(recorded.Count)]
        : Reverberation.Response(draw.Uniform(0.2, 0.8), draw);

    // Of a recorded noise, a section that begins at a random sample and wraps around at the end.
    private static double[] DrawNoise(int length, Draw draw, IReadOnlyList<float[]> recorded)
    {
        length = Math.Max(1, length);
        if (recorded.Count == 0)
        {
            return draw.Int(2) == 0 ? Noise.White(length, draw) : Noise.Pink(length, draw);
        }

        float[] noise = recorded[draw.Int(recorded.Count)];
        int start = draw.Int(noise.Length);
        var section = new double[length];
        for (int i = 0; i < length; i++)
        {
            section[i] = noise[(start + i) % noise.Length];
        }

        return section;
    }
}

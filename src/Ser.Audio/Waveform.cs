namespace Ser.Audio;

/// <summary>What a recording's header says. Frames are samples per channel; Format is "WAV" or what libsndfile calls it; Encoding is "PCM_16", "FLOAT", ...</summary>
public sealed record AudioInfo(string Format, string Encoding, int SampleRate, int Channels, long Frames)
{
    /// <summary>Duration in seconds.</summary>
    public double Seconds => (double)Frames / SampleRate;
}

/// <summary>Decoded samples, [frames × channels] interleaved, full scale at ±1 (not clipped where the file is in floating point). SampleRate in Hz.</summary>
public sealed record Waveform(float[] Samples, int Channels, int SampleRate)
{
    /// <summary>Samples per channel.</summary>
    public int Frames => Samples.Length / Channels;

    /// <summary>Mean of the channels, [frames].</summary>
    public float[] Mono()
    {
        if (Channels == 1)
        {
            return Samples;
        }

        var mono = new float[Frames];
        for (int frame = 0; frame < mono.Length; frame++)
        {
            float sum = 0;
            foreach (float sample in Samples.AsSpan(frame * Channels, Channels))
            {
                sum += sample;
            }

            mono[frame] = sum / Channels;
        }

        return mono;
    }
}

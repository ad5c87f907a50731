namespace Ser.Audio;

/// <summary>The properties of a recording, from its header.</summary>
/// <param name="Format">"WAV", or libsndfile's name of the format.</param>
/// <param name="Encoding">"PCM_16", "FLOAT", ...</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Frames">Samples per channel.</param>
public sealed record AudioInfo(string Format, string Encoding, int SampleRate, int Channels, long Frames)
{
    /// <summary>Duration in seconds.</summary>
    public double Seconds => (double)Frames / SampleRate;
}

/// <summary>A decoded recording.</summary>
/// <param name="Samples">[frames × channels], interleaved, full scale at ±1. Samples of floating-point files are not clipped.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="SampleRate">In Hz.</param>
public sealed record Waveform(float[] Samples, int Channels, int SampleRate)
{
    /// <summary>Samples per channel.</summary>
    public int Frames => Samples.Length / Channels;

    /// <summary>The mean of the channels, [frames].</summary>
    public float[] ToMono()
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

using System.Security.Cryptography;
using Ser.Audio;
using Ser.Domain.Corpora;
using Ser.Runners.FineTune;

namespace Ser.Runners.Predict;

/// <summary>A recording that was read.</summary>
/// <param name="Waveform">As the model takes it; null where there is a problem.</param>
/// <param name="Utterance">The corpus utterance with the same bytes, or null.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
internal sealed record Recording(float[]? Waveform, int? Utterance, RecordingProblem? Problem)
{
    internal static Recording Bad(string what, string cure) => new(null, null, new(what, cure));
}

/// <summary>Recordings as the model takes them, and which of them the corpus knows.</summary>
internal sealed class Recordings(Corpus corpus)
{
    private readonly Dictionary<string, int> byDigest = corpus.Utterances.Select((utterance, i) => (utterance.Sha256, i))
        .GroupBy(pair => pair.Sha256).ToDictionary(group => group.Key, group => group.First().i);

    /// <summary>Reads one recording as training read the corpus: mono, 16 kHz, cut, normalised as the model's description says.</summary>
    internal Recording Read(string path, TrainedModel.Description model)
    {
        try
        {
            float[] waveform = Preprocess.Read(path, model.MaxSeconds, model.NormalizeInput);
            if (waveform.Length < FirstFrame(model))
            {
                return Recording.Bad(
                    $"is {1000.0 * waveform.Length / Preprocess.SampleRate:0} ms long; the model's first frame takes {1000.0 * FirstFrame(model) / Preprocess.SampleRate:0} ms",
                    "leave it out, or copy the recording again");
            }

            using var file = File.OpenRead(path);
            return new Recording(waveform, byDigest.TryGetValue(Convert.ToHexStringLower(SHA256.HashData(file)), out int index) ? index : null, null);
        }
        catch (AudioException wrong)
        {
            return Recording.Bad(wrong.What, wrong.Cure);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Recording.Bad($"cannot be read: {error.Message}", "see to its permissions and to the disk");
        }
    }

    // 25 ms, the window of an MFCC frame.
    private const int BaselineFrame = 400;

    // Samples of the receptive field: from the last layer to the first, (frames - 1) · stride + kernel.
    private static int FirstFrame(TrainedModel.Description model) => model.Encoder is null ? BaselineFrame :
        model.Encoder.Convolution.Reverse().Aggregate(1, (frames, layer) => ((frames - 1) * layer.Stride) + layer.Kernel);
}

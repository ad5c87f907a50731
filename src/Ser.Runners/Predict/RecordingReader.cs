using System.Security.Cryptography;
using Ser.Audio;
using Ser.Domain.Corpora;
using Ser.Runners.FineTune;

namespace Ser.Runners.Predict;

/// <summary>A recording that was read, or the reason why it cannot be used.</summary>
/// <param name="Waveform">Samples as input of the model; null where there is a problem.</param>
/// <param name="Utterance">The corpus utterance with the same bytes, or null.</param>
/// <param name="Problem">The problem, or null.</param>
internal sealed record Recording(float[]? Waveform, int? Utterance, RecordingProblem? Problem)
{
    internal static Recording Failed(string what, string cure) => new(null, null, new(what, cure));
}

/// <summary>Reads recordings as input of a model, and recognises those that are in the corpus.</summary>
internal sealed class RecordingReader(Corpus corpus)
{
    // The first utterance of each digest.
    private readonly Dictionary<string, int> _byDigest = corpus.Utterances
        .Index()
        .DistinctBy(utterance => utterance.Item.Sha256)
        .ToDictionary(utterance => utterance.Item.Sha256, utterance => utterance.Index);

    /// <summary>
    /// Reads a recording as training reads the corpus: mono, 16 kHz, cut and normalised according to the model's description.
    /// </summary>
    internal Recording Read(string path, TrainedModelFiles.Description model)
    {
        try
        {
            float[] waveform = Preprocess.Read(path, model.MaxSeconds, model.NormalizeInput);
            int minimum = MinimumSamples(model);
            if (waveform.Length < minimum)
            {
                double milliseconds = 1000.0 * waveform.Length / Preprocess.SampleRate;
                double needed = 1000.0 * minimum / Preprocess.SampleRate;
                string what = $"is {milliseconds:0} ms long, but the model's first frame needs {needed:0} ms";
                return Recording.Failed(what, "remove it from the list, or copy the recording again");
            }

            using var file = File.OpenRead(path);
            string digest = Convert.ToHexStringLower(SHA256.HashData(file));
            int? utterance = _byDigest.TryGetValue(digest, out int index) ? index : null;
            return new Recording(waveform, utterance, null);
        }
        catch (AudioException error)
        {
            return Recording.Failed(error.What, error.Cure);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Recording.Failed($"cannot be read: {error.Message}", "check its permissions and the disk");
        }
    }

    // 25 ms, the window of an MFCC frame.
    private const int BaselineFrame = 400;

    // Samples of the receptive field: from the last layer to the first, (frames - 1) · stride + kernel.
    private static int MinimumSamples(TrainedModelFiles.Description model) => model.Encoder is null
        ? BaselineFrame
        : model.Encoder.Convolution.Reverse().Aggregate(1, (frames, layer) => ((frames - 1) * layer.Stride) + layer.Kernel);
}

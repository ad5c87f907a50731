using System.Buffers;
using System.Security.Cryptography;
using Ser.Audio;
using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>What is learned by opening one recording: what is wrong with it, or its digest and shape.</summary>
internal sealed record AudioCheck(CorpusProblem? Problem, string Sha256, int SampleRate, int Channels, long Frames)
{
    private const int BufferBytes = 1 << 18;
    private const int LeastSamples = 400; // at 16 kHz: the receptive field of the published convolutional encoders

    /// <summary>Checks every file, on as many threads as there are cores. Same order.</summary>
    internal static AudioCheck[] All(IReadOnlyList<Recording> recordings, Action<CorpusProgress>? progress)
    {
        var checks = new AudioCheck[recordings.Count];
        int done = 0;
        Parallel.For(0, recordings.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            checks[i] = Of(recordings[i]);
            progress?.Invoke(new(Interlocked.Increment(ref done), recordings.Count));
        });
        return checks;
    }

    private static AudioCheck Of(Recording recording)
    {
        string path = recording.Path;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Bad(path, $"is missing (it is listed in {recording.Where})", "restore the file, or take the utterance out");
            }

            if (file.Length == 0)
            {
                return Bad(path, "is empty (0 bytes)", "copy the recording again");
            }

            var info = AudioFile.Inspect(path);
            return info.Frames * 16_000 < info.SampleRate * (long)LeastSamples
                ? Bad(path, $"is {1000.0 * info.Frames / info.SampleRate:0} ms long; the encoder's first frame takes 25 ms", "leave it out, or copy the recording again")
                : new(null, Digest(path), info.SampleRate, info.Channels, info.Frames);
        }
        catch (AudioException wrong)
        {
            return Bad(path, wrong.What, wrong.Cure);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Bad(path, $"cannot be read: {error.Message}", "see to its permissions and to the disk");
        }
    }

    // One rented buffer serves file after file: a buffer of its own for each of 5,531 files costs more than the hashing.
    private static string Digest(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            for (long at = 0; (read = RandomAccess.Read(file, buffer, at)) > 0; at += read)
            {
                hash.AppendData(buffer, 0, read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static AudioCheck Bad(string path, string what, string cure) => new(new(path, what, cure), "", 0, 0, 0);
}

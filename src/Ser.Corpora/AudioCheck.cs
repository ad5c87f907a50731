using System.Buffers;
using System.Security.Cryptography;
using Ser.Audio;
using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>The outcome of opening one recording: either its problem, or its digest, sample rate, channels and length.</summary>
internal sealed record AudioCheck(CorpusProblem? Problem, string Sha256, int SampleRate, int Channels, long Frames)
{
    private const int BufferBytes = 1 << 18;
    private const int EncoderSampleRate = 16_000;
    private const int MinimumSamples = 400; // at 16 kHz (25 ms): the receptive field of the published convolutional encoders

    /// <summary>Checks every file on one thread per core. Results are in the order of <paramref name="recordings"/>.</summary>
    internal static AudioCheck[] CheckAll(IReadOnlyList<Recording> recordings, Action<CorpusProgress>? progress)
    {
        var checks = new AudioCheck[recordings.Count];
        int done = 0;
        Parallel.For(0, recordings.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            checks[i] = Check(recordings[i]);
            progress?.Invoke(new(Interlocked.Increment(ref done), recordings.Count));
        });
        return checks;
    }

    private static AudioCheck Check(Recording recording)
    {
        string path = recording.Path;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Failed(path, $"is missing (it is listed in {recording.Where})", "restore the file, or remove the utterance");
            }

            if (file.Length == 0)
            {
                return Failed(path, "is empty (0 bytes)", "copy the recording again");
            }

            var info = AudioFile.Inspect(path);
            bool tooShort = info.Frames * EncoderSampleRate < info.SampleRate * (long)MinimumSamples;
            if (tooShort)
            {
                double milliseconds = 1000.0 * info.Frames / info.SampleRate;
                string what = $"is {milliseconds:0} ms long, but the encoder's first frame needs 25 ms";
                return Failed(path, what, "remove the utterance, or copy the recording again");
            }

            return new(null, Digest(path), info.SampleRate, info.Channels, info.Frames);
        }
        catch (AudioException error)
        {
            return Failed(path, error.What, error.Cure);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed(path, $"cannot be read: {error.Message}", "check its permissions and the disk");
        }
    }

    // The buffer is rented because allocating one for each of 5,531 files costs more than the hashing.
    private static string Digest(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            for (long offset = 0; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
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

    private static AudioCheck Failed(string path, string what, string cure) => new(new(path, what, cure), "", 0, 0, 0);
}

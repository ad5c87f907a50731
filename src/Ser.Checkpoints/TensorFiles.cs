using Ser.Checkpoints.Torch;

namespace Ser.Checkpoints;

/// <summary>Opens a checkpoint by what it begins with; its name's ending says nothing.</summary>
internal static class TensorFiles
{
    /// <exception cref="InvalidDataException">The file is of no known kind, cut short, unsound, or holds what is no plain data; the message names it.</exception>
    internal static ITensorFile Open(string path) => Read(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1));

    /// <summary>Takes the stream over.</summary>
    internal static ITensorFile Read(string path, Stream stream)
    {
        try
        {
            return Of(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static ITensorFile Of(string path, Stream stream)
    {
        Span<byte> start = stackalloc byte[LegacyStream.Magic.Length];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        bool zip = start.StartsWith("PK\x03\x04"u8);
        if (zip || start.SequenceEqual(LegacyStream.Magic))
        {
            return TorchFile.Read(path, stream, zip).WithTensors();
        }

        if (start.Length > 8 && start[8] == '{')
        {
            return SafeTensors.Read(path, stream);
        }

        throw Unsound.File(path, "this is no checkpoint: it begins neither as .safetensors nor as what torch.save writes (zip, or the stream before 1.6); download it again, or unpack it");
    }
}

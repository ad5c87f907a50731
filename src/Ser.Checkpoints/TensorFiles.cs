using Ser.Checkpoints.Torch;

namespace Ser.Checkpoints;

/// <summary>Opens a checkpoint. The first bytes of the file determine its kind, and the extension of its name is ignored.</summary>
internal static class TensorFiles
{
    /// <exception cref="InvalidDataException">
    /// The file is of an unknown kind, truncated or invalid, or contains more than plain data. The message names it.
    /// </exception>
    internal static ITensorFile Open(string path) =>
        Read(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1));

    /// <summary>Takes ownership of the stream.</summary>
    internal static ITensorFile Read(string path, Stream stream)
    {
        try
        {
            return ReadByKind(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static ITensorFile ReadByKind(string path, Stream stream)
    {
        Span<byte> start = stackalloc byte[LegacyStream.Magic.Length];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        bool zip = start.StartsWith("PK\x03\x04"u8);
        if (zip || start.SequenceEqual(LegacyStream.Magic))
        {
            return TorchFile.Read(path, stream, zip).LoadTensors();
        }

        if (start.Length > 8 && start[8] == '{')
        {
            return SafeTensors.Read(path, stream);
        }

        throw InvalidCheckpoint.Create(
            path,
            "this is not a checkpoint: it begins neither like .safetensors nor like a file of torch.save "
            + "(zip, or the stream of versions before 1.6); download it again, or unpack it");
    }
}

using System.Buffers;
using System.Security.Cryptography;
using Ser.Domain;

namespace Ser.Scheduler.Api;

/// <summary>Uploaded recordings and weights, by digest. Only complete files are visible.</summary>
/// <param name="folder">Folder of the files.</param>
public sealed class InputStore(string folder)
{
    /// <summary>Suffix of files that are being uploaded. A complete file's name is its digest, which has no suffix.</summary>
    public const string PartialSuffix = ".uploading";

    private const int DigestLength = 64;
    private const int BufferSize = 1 << 17;
    private long _uploads;

    /// <summary>Whether a text is a SHA-256 in lower-case hexadecimal digits. Such a text is safe as a file name.</summary>
    public static bool IsDigest(string? text) =>
        text is { Length: DigestLength } && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>Whether the store has a file.</summary>
    public bool Has(string digest) => IsDigest(digest) && File.Exists(PathOf(digest));

    /// <summary>Returns the path of a file, which may not exist yet.</summary>
    public string PathOf(string digest) => Path.Combine(folder, digest[..2], digest);

    /// <summary>Stores a file from a stream, without holding it in memory.</summary>
    /// <exception cref="InputException">The content has another digest; nothing is stored.</exception>
    public async Task PutAsync(string digest, Stream bytes, CancellationToken stop)
    {
        string path = PathOf(digest);
        string partial = $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref _uploads)}{PartialSuffix}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            string received = await WriteAsync(partial, bytes, stop);
            if (received != digest)
            {
                throw new InputException(
                    $"the uploaded file has the digest {received}, not {digest}: it has changed or was cut off; submit again");
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>
    /// Deletes uploads that an earlier process left unfinished. Complete files are never touched, nor is an upload that another process
    /// still writes: its last write is recent.
    /// </summary>
    /// <param name="before">Only files that were last written before this time are deleted.</param>
    public void DeletePartialUploads(DateTimeOffset before)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var partial = Directory.EnumerateFiles(folder, "*" + PartialSuffix, SearchOption.AllDirectories);
        foreach (string file in partial.Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime))
        {
            File.Delete(file);
        }
    }

    private static async Task<string> WriteAsync(string path, Stream bytes, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            const FileOptions Options = FileOptions.Asynchronous;
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, Options);
            int read;
            while ((read = await bytes.ReadAsync(buffer, stop)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }

            file.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

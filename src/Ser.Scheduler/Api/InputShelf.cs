using System.Buffers;
using System.Security.Cryptography;
using Ser.Domain;

namespace Ser.Scheduler.Api;

/// <summary>Uploaded recordings and weights, by digest: each is there whole, or not at all.</summary>
/// <param name="folder">Its folder.</param>
public sealed class InputShelf(string folder)
{
    private const int Digits = 64;
    private const int Piece = 1 << 17;
    private long uploads;

    /// <summary>Whether a text is a SHA-256 in lower-case hexadecimal digits: then it is safe as the name of a file.</summary>
    public static bool IsDigest(string? text) => text is { Length: Digits } && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>Whether the file is there.</summary>
    public bool Has(string digest) => IsDigest(digest) && File.Exists(PathOf(digest));

    /// <summary>Where the file is, or would be.</summary>
    public string PathOf(string digest) => Path.Combine(folder, digest[..2], digest);

    /// <summary>Takes a file as it comes, without holding it in memory.</summary>
    /// <exception cref="InputException">What came has another digest; nothing is kept.</exception>
    public async Task PutAsync(string digest, Stream bytes, CancellationToken stop)
    {
        string path = PathOf(digest), coming = $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref uploads)}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            string came = await WriteAsync(coming, bytes, stop);
            if (came != digest)
            {
                throw new InputException($"what came has the digest {came}, not {digest}: the file has changed or was cut off; submit again");
            }

            File.Move(coming, path, overwrite: true);
        }
        finally
        {
            File.Delete(coming);
        }
    }

    /// <summary>Removes what was cut off by the end of an earlier process.</summary>
    public void Tidy()
    {
        if (Directory.Exists(folder))
        {
            foreach (string cut in Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            {
                File.Delete(cut);
            }
        }
    }

    private static async Task<string> WriteAsync(string path, Stream bytes, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            int read;
            while ((read = await bytes.ReadAsync(piece, stop)) > 0)
            {
                hash.AppendData(piece, 0, read);
                await file.WriteAsync(piece.AsMemory(0, read), stop);
            }

            file.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}

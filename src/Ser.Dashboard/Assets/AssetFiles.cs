using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ser.Dashboard.Assets;

/// <summary>
/// Scripts, styles and icons, embedded in the assembly and compressed once. The address of a file contains the beginning of its
/// SHA-256, so that browsers may cache it until it changes.
/// </summary>
internal sealed class AssetFiles
{
    private const string Folder = "assets/";
    private const string Framework = "_framework/";

    private readonly FrozenDictionary<string, Asset> _files = Read();

    /// <summary>Address of a file.</summary>
    public string Url(string name) => $"{Folder}{name}?{_files[Folder + name].Digest}";

    public void Map(IEndpointRouteBuilder app)
    {
        foreach (string name in _files.Keys)
        {
            app.MapGet("/" + name, (HttpContext context) => SendAsync(context, _files[name])).AllowAnonymous();
        }
    }

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(IsAsset);
        return names.ToFrozenDictionary(name => name, name => ReadAsset(assembly, name));
    }

    private static bool IsAsset(string name) =>
        name.StartsWith(Folder, StringComparison.Ordinal) || name.StartsWith(Framework, StringComparison.Ordinal);

    private static Asset ReadAsset(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new Asset(bytes.ToArray(), ContentType(name));
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"{name}: the content type of {other} is unknown"),
    };

    private static async Task SendAsync(HttpContext context, Asset asset)
    {
        var headers = context.Response.Headers;
        bool versioned = context.Request.QueryString.Value == "?" + asset.Digest;
        headers.CacheControl = versioned ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = $"\"{asset.Digest}\"";
        headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.ToString() == headers.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = asset.Type;
        byte[] bytes = asset.Bytes;
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            headers.ContentEncoding = "br";
            bytes = asset.Compressed;
        }

        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private sealed class Asset(byte[] bytes, string type)
    {
        private readonly Lazy<byte[]> _compressed = new(() => Compress(bytes));

        public byte[] Bytes => bytes;

        public byte[] Compressed => _compressed.Value;

        public string Type => type;

        public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

        private static byte[] Compress(byte[] bytes)
        {
            const int Quality = 7; // Quality 11 saves another tenth of the bytes but takes seconds.
            byte[] buffer = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
            return BrotliEncoder.TryCompress(bytes, buffer, out int length, Quality, window: 22)
                ? buffer[..length]
                : throw new InvalidOperationException("Brotli compression of an asset failed");
        }
    }
}

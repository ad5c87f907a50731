using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ser.Dashboard.Assets;

/// <summary>What the browser loads, embedded and packed once. Named with the beginning of its digest, so that a browser keeps it until it changes.</summary>
internal sealed class AssetFiles
{
    private const string Folder = "assets/";
    private const string Framework = "_framework/";

    private readonly FrozenDictionary<string, Asset> files = Read();

    /// <summary>Address of a file.</summary>
    public string Url(string name) => $"{Folder}{name}?{files[Folder + name].Digest}";

    public void Map(IEndpointRouteBuilder app)
    {
        foreach (string name in files.Keys)
        {
            app.MapGet("/" + name, (HttpContext context) => SendAsync(context, files[name])).AllowAnonymous();
        }
    }

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal) || name.StartsWith(Framework, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name, name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                return new Asset(bytes.ToArray(), TypeOf(name));
            });
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"{name}: no type for {other}"),
    };

    private static async Task SendAsync(HttpContext context, Asset asset)
    {
        var headers = context.Response.Headers;
        bool named = context.Request.QueryString.Value == "?" + asset.Digest;
        headers.CacheControl = named ? "public, max-age=31536000, immutable" : "no-cache";
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
            bytes = asset.Packed;
        }

        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private sealed class Asset(byte[] bytes, string type)
    {
        private readonly Lazy<byte[]> packed = new(() => Pack(bytes));

        public byte[] Bytes => bytes;

        public byte[] Packed => packed.Value;

        public string Type => type;

        public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

        private static byte[] Pack(byte[] bytes)
        {
            const int Quality = 7; // 11 packs a tenth better and takes seconds
            byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
            return BrotliEncoder.TryCompress(bytes, packed, out int length, Quality, window: 22) ? packed[..length] : throw new InvalidOperationException("brotli");
        }
    }
}

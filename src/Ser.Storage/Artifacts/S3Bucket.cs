using System.Net;
using System.Net.Http.Headers;
using Minio;
using Minio.DataModel.Args;
using Minio.Exceptions;

namespace Ser.Storage.Artifacts;

/// <summary>Size of an object and the SHA-256 in its metadata.</summary>
internal sealed record ObjectMetadata(long Bytes, string? Sha256);

/// <summary>
/// Objects of one bucket under one prefix, by key. Exceptions of the SDK and the network pass through; <see cref="S3Failure"/> translates
/// them into messages.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    private const string DigestHeader = "x-amz-meta-sha256", DigestMetadata = "sha256";
    private const int ChunkBytes = 1 << 17;

    // Lifetime of a presigned URL, which is created for a single request.
    private const int UrlExpirySeconds = 3600;

    private readonly S3Settings _settings;
    private readonly string _prefix;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _budget;
    private readonly HttpClient _http;
    private readonly IMinioClient _client;
    private volatile bool _exists;

    /// <param name="settings">Address and credentials.</param>
    /// <param name="clock">Measures timeouts.</param>
    /// <param name="budget">How long to retry after errors of the network or the store.</param>
    public S3Bucket(S3Settings settings, TimeProvider clock, TimeSpan budget)
    {
        (_settings, _clock, _budget) = (settings, clock, budget);
        _prefix = settings.Prefix is { } prefix ? ObjectKeys.Validate(prefix.Trim('/')) + "/" : "";
        _http = new HttpClient(new RetryingHandler(clock, budget)) { Timeout = Timeout.InfiniteTimeSpan };
        var uri = new Uri(settings.Endpoint);
        _client = new MinioClient()
            .WithEndpoint(uri.Authority)
            .WithSSL(uri.Scheme == Uri.UriSchemeHttps)
            .WithCredentials(settings.AccessKey, settings.SecretKey)
            .WithRegion(settings.Region ?? "us-east-1")
            .WithHttpClient(_http)
            .Build();
    }

    /// <summary>Uploads an object. It becomes visible only when it is complete.</summary>
    public async Task PutAsync(string key, Stream bytes, string sha256)
    {
        await EnsureBucketAsync().ConfigureAwait(false);
        long size = bytes.Length;
        try
        {
            var put = new PutObjectArgs()
                .WithBucket(_settings.Bucket)
                .WithObject(FullKey(key))
                .WithStreamData(bytes)
                .WithObjectSize(size)
                .WithHeaders(new Dictionary<string, string> { [DigestHeader] = sha256 });
            await _client.PutObjectAsync(put).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is MinioException || RetryingHandler.IsTransient(fault))
        {
            // The response may have been lost after the store had completed the upload.
            if (!await ExistsAsync(key, size, sha256).ConfigureAwait(false))
            {
                await AbortUploadsAsync(key).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Reads the size and digest of an object without downloading it; null if it does not exist.</summary>
    public async Task<ObjectMetadata?> StatAsync(string key)
    {
        await EnsureBucketAsync().ConfigureAwait(false);
        try
        {
            var args = new StatObjectArgs().WithBucket(_settings.Bucket).WithObject(FullKey(key));
            var stat = await _client.StatObjectAsync(args).ConfigureAwait(false);
            var digest = stat.MetaData.FirstOrDefault(pair => pair.Key.Equals(DigestMetadata, StringComparison.OrdinalIgnoreCase));
            return new ObjectMetadata(stat.Size, digest.Value);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads an object from beginning to end, and resumes where it stopped if the connection is interrupted. Uses a presigned URL, because
    /// version 7.0.0 of the SDK cannot read ranges.
    /// </summary>
    /// <returns>Whether the object exists.</returns>
    public async Task<bool> ReadAsync(string key, Func<ReadOnlyMemory<byte>, ValueTask> onChunk)
    {
        await EnsureBucketAsync().ConfigureAwait(false);
        long position = 0;
        EntityTagHeaderValue? version = null;
        long lastProgress = _clock.GetTimestamp();
        for (int retry = 0; ; retry++)
        {
            try
            {
                using var response = await GetAsync(key, position, version).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    return false;
                }

                response.EnsureSuccessStatusCode();
                version ??= response.Headers.ETag;
                await using var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
                var buffer = new byte[ChunkBytes];
                while (true)
                {
                    var reading = body.ReadAsync(buffer).AsTask().WaitAsync(RetryingHandler.ResponseTimeout, _clock);
                    int read = await reading.ConfigureAwait(false);
                    if (read <= 0)
                    {
                        return true;
                    }

                    await onChunk(buffer.AsMemory(0, read)).ConfigureAwait(false);
                    position += read;
                    (retry, lastProgress) = (0, _clock.GetTimestamp());
                }
            }
            catch (Exception error) when (IsInterruption(error)
                && _clock.GetElapsedTime(lastProgress) + RetryingHandler.DelayBefore(retry) < _budget)
            {
                await Task.Delay(RetryingHandler.DelayBefore(retry), _clock).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Lists the keys under a prefix that ends in '/', with the sizes of the objects. Without <paramref name="recursive"/> it lists the
    /// names one level below, where folders end in '/'.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, long>> ListAsync(string prefix, bool recursive = true)
    {
        await EnsureBucketAsync().ConfigureAwait(false);
        _ = ObjectKeys.Validate(prefix.TrimEnd('/'));
        var sizes = new Dictionary<string, long>();
        var args = new ListObjectsArgs().WithBucket(_settings.Bucket).WithPrefix(_prefix + prefix).WithRecursive(recursive);
        await foreach (var item in _client.ListObjectsEnumAsync(args).ConfigureAwait(false))
        {
            sizes[item.Key[_prefix.Length..]] = (long)item.Size;
        }

        return sizes;
    }

    /// <summary>Removes objects, ignoring those that do not exist.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        var args = new RemoveObjectsArgs().WithBucket(_settings.Bucket).WithObjects([.. keys.Select(FullKey)]);
        if (await _client.RemoveObjectsAsync(args).ConfigureAwait(false) is [{ } error, ..])
        {
            throw new MinioException($"{error.Key}: {error.Message}");
        }
    }

    /// <summary>
    /// Aborts incomplete multipart uploads: those of one key, or (null) of every key under the prefix that began before a time.
    /// </summary>
    /// <returns>Number of uploads.</returns>
    public async Task<int> AbortUploadsAsync(string? key, DateTimeOffset? before = null)
    {
        await EnsureBucketAsync().ConfigureAwait(false);
        var stale = new List<string>();
        string keyOrPrefix = key is null ? _prefix : FullKey(key);
        var args = new ListIncompleteUploadsArgs().WithBucket(_settings.Bucket).WithPrefix(keyOrPrefix).WithRecursive(true);
        await foreach (var upload in _client.ListIncompleteUploadsEnumAsync(args).ConfigureAwait(false))
        {
            if (key is null ? before is null || DateTimeOffset.Parse(upload.Initiated) < before : upload.Key == keyOrPrefix)
            {
                stale.Add(upload.Key);
            }
        }

        foreach (string name in stale.Distinct())
        {
            var removal = new RemoveIncompleteUploadArgs().WithBucket(_settings.Bucket).WithObject(name);
            await _client.RemoveIncompleteUploadAsync(removal).ConfigureAwait(false);
        }

        return stale.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private string FullKey(string key) => _prefix + ObjectKeys.Validate(key);

    private async Task<bool> ExistsAsync(string key, long bytes, string sha256)
    {
        try
        {
            return await StatAsync(key).ConfigureAwait(false) is { } facts && facts.Bytes == bytes && facts.Sha256 == sha256;
        }
        catch (Exception fault) when (fault is MinioException || RetryingHandler.IsTransient(fault))
        {
            return false;
        }
    }

    private static bool IsInterruption(Exception error) =>
        error is IOException or TimeoutException or HttpRequestException { StatusCode: null };

    private async Task<HttpResponseMessage> GetAsync(string key, long from, EntityTagHeaderValue? version)
    {
        var args = new PresignedGetObjectArgs().WithBucket(_settings.Bucket).WithObject(FullKey(key)).WithExpiry(UrlExpirySeconds);
        string url = await _client.PresignedGetObjectAsync(args).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        if (version is not null)
        {
            request.Headers.IfMatch.Add(version);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
    }

    private async Task EnsureBucketAsync()
    {
        if (_exists)
        {
            return;
        }

        if (!await ExistsAsync().ConfigureAwait(false))
        {
            try
            {
                await _client.MakeBucketAsync(new MakeBucketArgs().WithBucket(_settings.Bucket)).ConfigureAwait(false);
            }
            catch (MinioException)
            {
                // Another process may have created it meanwhile.
                if (!await ExistsAsync().ConfigureAwait(false))
                {
                    throw;
                }
            }
        }

        _exists = true;
    }

    /// <summary>Whether the bucket exists.</summary>
    public Task<bool> ExistsAsync() => _client.BucketExistsAsync(new BucketExistsArgs().WithBucket(_settings.Bucket));
}

using System.Net;
using System.Net.Http.Headers;
using Minio;
using Minio.DataModel.Args;
using Minio.Exceptions;

namespace Ser.Storage.Artifacts;

/// <summary>Size of an object and the SHA-256 that it was sent with.</summary>
internal sealed record ObjectFacts(long Bytes, string? Sha256);

/// <summary>Objects of one bucket under one prefix, by key. Throws what the SDK or the network throws; <see cref="S3Failure"/> makes messages of it.</summary>
internal sealed class S3Bucket : IDisposable
{
    private const string Digest = "x-amz-meta-sha256", DigestOfStat = "sha256";
    private const int Chunk = 1 << 17;

    // Of a presigned URL, seconds: it is made anew for each request.
    private const int Expiry = 3600;

    private readonly S3Settings _settings;
    private readonly string _prefix;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _budget;
    private readonly HttpClient _http;
    private readonly IMinioClient _client;
    private volatile bool _made;

    /// <param name="settings">Where it is.</param>
    /// <param name="clock">Measures patience.</param>
    /// <param name="budget">How long a fault of the network or the store may last.</param>
    public S3Bucket(S3Settings settings, TimeProvider clock, TimeSpan budget)
    {
        (_settings, _clock, _budget) = (settings, clock, budget);
        _prefix = settings.Prefix is { } prefix ? ObjectKeys.Checked(prefix.Trim('/')) + "/" : "";
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

    /// <summary>Sends an object; it is there whole or not at all.</summary>
    public async Task PutAsync(string key, Stream bytes, string sha256)
    {
        await MakeAsync().ConfigureAwait(false);
        long size = bytes.Length;
        try
        {
            await _client.PutObjectAsync(new PutObjectArgs().WithBucket(_settings.Bucket).WithObject(At(key)).WithStreamData(bytes).WithObjectSize(size)
                .WithHeaders(new Dictionary<string, string> { [Digest] = sha256 })).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is MinioException || RetryingHandler.Passes(fault))
        {
            // The answer to the last request may have been lost after the store had done it.
            if (!await IsThereAsync(key, size, sha256).ConfigureAwait(false))
            {
                await AbortUploadsAsync(key).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>What is known of an object without reading it; null where there is none.</summary>
    public async Task<ObjectFacts?> StatAsync(string key)
    {
        await MakeAsync().ConfigureAwait(false);
        try
        {
            var stat = await _client.StatObjectAsync(new StatObjectArgs().WithBucket(_settings.Bucket).WithObject(At(key))).ConfigureAwait(false);
            return new ObjectFacts(stat.Size, stat.MetaData.FirstOrDefault(pair => pair.Key.Equals(DigestOfStat, StringComparison.OrdinalIgnoreCase)).Value);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads an object from its beginning to its end; after a cut it goes on where it stopped. By a presigned URL: the SDK's version 7.0.0 cannot read ranges.
    /// </summary>
    /// <returns>Whether there is such an object.</returns>
    public async Task<bool> ReadAsync(string key, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        await MakeAsync().ConfigureAwait(false);
        long done = 0;
        EntityTagHeaderValue? version = null;
        long progress = _clock.GetTimestamp();
        for (int retry = 0; ; retry++)
        {
            try
            {
                using var answer = await GetAsync(key, done, version).ConfigureAwait(false);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return false;
                }

                answer.EnsureSuccessStatusCode();
                version ??= answer.Headers.ETag;
                await using var body = await answer.Content.ReadAsStreamAsync().ConfigureAwait(false);
                var buffer = new byte[Chunk];
                for (int read; (read = await body.ReadAsync(buffer).AsTask().WaitAsync(RetryingHandler.Patience, _clock).ConfigureAwait(false)) > 0;)
                {
                    await take(buffer.AsMemory(0, read)).ConfigureAwait(false);
                    done += read;
                    (retry, progress) = (0, _clock.GetTimestamp());
                }

                return true;
            }
            catch (Exception cut) when ((cut is IOException or TimeoutException or HttpRequestException { StatusCode: null }) && _clock.GetElapsedTime(progress) + RetryingHandler.Wait(retry) < _budget)
            {
                await Task.Delay(RetryingHandler.Wait(retry), _clock).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Keys under a prefix that ends in '/', with the objects' sizes; without <paramref name="recursive"/> the names one level below, folders with a '/' at their end.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ListAsync(string prefix, bool recursive = true)
    {
        await MakeAsync().ConfigureAwait(false);
        _ = ObjectKeys.Checked(prefix.TrimEnd('/'));
        var sizes = new Dictionary<string, long>();
        await foreach (var item in _client.ListObjectsEnumAsync(new ListObjectsArgs().WithBucket(_settings.Bucket).WithPrefix(_prefix + prefix).WithRecursive(recursive)).ConfigureAwait(false))
        {
            sizes[item.Key[_prefix.Length..]] = (long)item.Size;
        }

        return sizes;
    }

    /// <summary>Removes objects; those that are not there are removed already.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> keys)
    {
        if (keys.Count > 0 && await _client.RemoveObjectsAsync(new RemoveObjectsArgs().WithBucket(_settings.Bucket).WithObjects([.. keys.Select(At)])).ConfigureAwait(false) is [{ } error, ..])
        {
            throw new MinioException($"{error.Key}: {error.Message}");
        }
    }

    /// <summary>Forgets the parts of uploads that did not come to their end: of one key, or (null) of every key under the prefix that began before a time.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> AbortUploadsAsync(string? key, DateTimeOffset? before = null)
    {
        await MakeAsync().ConfigureAwait(false);
        var stale = new List<string>();
        string under = key is null ? _prefix : At(key);
        await foreach (var upload in _client.ListIncompleteUploadsEnumAsync(new ListIncompleteUploadsArgs().WithBucket(_settings.Bucket).WithPrefix(under).WithRecursive(true)).ConfigureAwait(false))
        {
            if (key is null ? before is null || DateTimeOffset.Parse(upload.Initiated) < before : upload.Key == under)
            {
                stale.Add(upload.Key);
            }
        }

        foreach (string name in stale.Distinct())
        {
            await _client.RemoveIncompleteUploadAsync(new RemoveIncompleteUploadArgs().WithBucket(_settings.Bucket).WithObject(name)).ConfigureAwait(false);
        }

        return stale.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private string At(string key) => _prefix + ObjectKeys.Checked(key);

    private async Task<bool> IsThereAsync(string key, long bytes, string sha256)
    {
        try
        {
            return await StatAsync(key).ConfigureAwait(false) is { } facts && facts.Bytes == bytes && facts.Sha256 == sha256;
        }
        catch (Exception fault) when (fault is MinioException || RetryingHandler.Passes(fault))
        {
            return false;
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string key, long from, EntityTagHeaderValue? version)
    {
        string url = await _client.PresignedGetObjectAsync(new PresignedGetObjectArgs().WithBucket(_settings.Bucket).WithObject(At(key)).WithExpiry(Expiry)).ConfigureAwait(false);
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

    private async Task MakeAsync()
    {
        if (_made)
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
                if (!await ExistsAsync().ConfigureAwait(false)) // or another process was faster
                {
                    throw;
                }
            }
        }

        _made = true;
    }

    /// <summary>Whether the bucket has been made.</summary>
    public Task<bool> ExistsAsync() => _client.BucketExistsAsync(new BucketExistsArgs().WithBucket(_settings.Bucket));
}

using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Ser.Domain;

namespace Ser.Client;

/// <summary>A client of the scheduler's REST API. Problem details become exceptions with the same message.</summary>
/// <exception cref="StorageException">Thrown by every member if the scheduler does not respond or its storage fails.</exception>
/// <exception cref="InputException">Thrown by every member if the scheduler rejects the request or has another version.</exception>
public sealed class SchedulerClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <param name="address">Address of the scheduler.</param>
    /// <param name="token">Token of the caller; null if none is required.</param>
    public SchedulerClient(Uri address, string? token)
    {
        _address = address;
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, UseProxy = !address.IsLoopback };
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Reason for the actions of this client, for the audit log; one line.</summary>
    public string? Reason
    {
        init
        {
            if (value is { Length: > 0 })
            {
                _http.DefaultRequestHeaders.Add(ApiProtocol.ReasonHeader, Uri.EscapeDataString(value));
            }
        }
    }

    /// <summary>Name of the person on whose behalf this client acts. Requires a token that allows it.</summary>
    public string? OnBehalfOf
    {
        init
        {
            if (value is { Length: > 0 })
            {
                _http.DefaultRequestHeaders.Add(ApiProtocol.OnBehalfOfHeader, Uri.EscapeDataString(value));
            }
        }
    }

    /// <summary>Address of the scheduler.</summary>
    public Uri Address => _address;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Returns a document as text.</summary>
    public async Task<string> GetTextAsync(string path, CancellationToken stop)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        return await response.Content.ReadAsStringAsync(stop);
    }

    /// <summary>Returns a document.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken stop)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        return (await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop))!;
    }

    /// <summary>Sends a POST request without a body.</summary>
    public Task<T> PostAsync<T>(string path, CancellationToken stop) => PostAsync<T>(path, null, stop);

    /// <summary>Sends a POST request.</summary>
    public async Task<T> PostAsync<T>(string path, HttpContent? body, CancellationToken stop)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body }, stop);
        return (await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop))!;
    }

    /// <summary>Sends a DELETE request.</summary>
    public async Task<T> DeleteAsync<T>(string path, CancellationToken stop)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), stop);
        return (await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop))!;
    }

    /// <summary>Uploads a file.</summary>
    public async Task UploadAsync(string path, string file, CancellationToken stop)
    {
        await using var bytes = File.OpenRead(file);
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(bytes) }, stop);
    }

    /// <summary>Downloads a document atomically to a file that must not exist.</summary>
    public async Task DownloadAsync(string path, string file, CancellationToken stop)
    {
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new InputException($"{file} already exists: give another name, or delete it");
        }

        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        string part = file + ".part";
        try
        {
            await using (var target = File.Create(part))
            {
                await response.Content.CopyToAsync(target, stop);
            }

            File.Move(part, file);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Returns the data of server-sent events until the server ends the stream.</summary>
    public async IAsyncEnumerable<T> EventsAsync<T>(
        string path,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        var parser = System.Net.ServerSentEvents.SseParser.Create(await response.Content.ReadAsStreamAsync(stop));
        await using var items = parser.EnumerateAsync(stop).GetAsyncEnumerator(stop);
        while (await NextAsync(items))
        {
            yield return JsonSerializer.Deserialize<T>(items.Current.Data, ApiJson.Options)!;
        }
    }

    private async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<T> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw new StorageException($"the connection to {_address} was cut: {cut.Message}", cut);
        }
    }

    /// <summary>Writes a document as gzipped JSON.</summary>
    public static HttpContent ToGzippedJson<T>(T document)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, document, ApiJson.Options);
        }

        bytes.Position = 0;
        var content = new StreamContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException unreachable)
        {
            string message = unreachable.InnerException is SocketException refused
                ? $"there is no scheduler at {_address}: start one (ser scheduler, or ser up), or give another --server ({refused.Message})"
                : $"the request to {_address} failed: {unreachable.Message}";
            throw new StorageException(message, unreachable);
        }

        RejectOtherVersion(response);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            string message = $"{_address}: {await DetailAsync(response, stop)}";
            throw (int)response.StatusCode >= 500 ? new StorageException(message) : new InputException(message);
        }
    }

    private void RejectOtherVersion(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(ApiProtocol.VersionHeader, out var versions))
        {
            throw new InputException(
                $"{_address} is not a scheduler of ser (status {(int)response.StatusCode} without the header {ApiProtocol.VersionHeader}): "
                + "give the address that `ser scheduler` prints");
        }

        if (versions.First() is var version && version != ApiProtocol.Version)
        {
            throw new InputException(
                $"{_address} runs ser {version}, but this is ser {ApiProtocol.Version}: use the same version for client and scheduler");
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
            return problem.GetProperty("detail").GetString() ?? "";
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
    }
}

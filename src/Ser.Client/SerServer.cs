using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Ser.Domain;

namespace Ser.Client;

/// <summary>A scheduler over HTTP. Its refusals become the messages of this program.</summary>
/// <exception cref="StorageException">Thrown by every member: it does not answer, or its storage fails.</exception>
/// <exception cref="InputException">Thrown by every member: it refuses, or is no scheduler of this version.</exception>
public sealed class SerServer : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri address;

    /// <param name="address">Where it listens.</param>
    /// <param name="token">Of whoever asks; null where none is wanted.</param>
    public SerServer(Uri address, string? token)
    {
        this.address = address;
        http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, UseProxy = !address.IsLoopback }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Why whatever is done is done, for the audit; one line.</summary>
    public string? Reason
    {
        init
        {
            if (value is { Length: > 0 })
            {
                http.DefaultRequestHeaders.Add(ApiProtocol.ReasonHeader, Uri.EscapeDataString(value));
            }
        }
    }

    /// <summary>On whose behalf whatever is done is done; needs a token that may act for others.</summary>
    public string? For
    {
        init
        {
            if (value is { Length: > 0 })
            {
                http.DefaultRequestHeaders.Add(ApiProtocol.ForHeader, Uri.EscapeDataString(value));
            }
        }
    }

    /// <summary>Where it is, as it was given.</summary>
    public Uri Address => address;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>A document as text.</summary>
    public async Task<string> TextAsync(string path, CancellationToken stop)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        return await answer.Content.ReadAsStringAsync(stop);
    }

    /// <summary>A document.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken stop)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        return (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop))!;
    }

    /// <summary>Acts.</summary>
    public Task<T> PostAsync<T>(string path, CancellationToken stop) => PostAsync<T>(path, null, stop);

    /// <summary>Acts, with a document.</summary>
    public async Task<T> PostAsync<T>(string path, HttpContent? body, CancellationToken stop)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body }, stop);
        return (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop))!;
    }

    /// <summary>Removes.</summary>
    public async Task<T> DeleteAsync<T>(string path, CancellationToken stop)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), stop);
        return (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop))!;
    }

    /// <summary>Uploads a file as it is.</summary>
    public async Task PutFileAsync(string path, string file, CancellationToken stop)
    {
        await using var bytes = File.OpenRead(file);
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(bytes) }, stop);
    }

    /// <summary>Writes what is at <paramref name="path"/> to a file that is not there yet, whole or not at all.</summary>
    public async Task DownloadAsync(string path, string file, CancellationToken stop)
    {
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new InputException($"{file} is there already: give another name, or remove it");
        }

        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        string part = file + ".part";
        try
        {
            await using (var target = File.Create(part))
            {
                await answer.Content.CopyToAsync(target, stop);
            }

            File.Move(part, file);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The data of server-sent events, until the server ends them.</summary>
    public async IAsyncEnumerable<T> EventsAsync<T>(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);
        await using var items = System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync(stop)).EnumerateAsync(stop).GetAsyncEnumerator(stop);
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
            throw new StorageException($"the connection to {address} was cut: {cut.Message}", cut);
        }
    }

    /// <summary>A document as JSON, packed.</summary>
    public static HttpContent Packed<T>(T document)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, document, ApiJson.Options);
        }

        packed.Position = 0;
        return new StreamContent(packed) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException away)
        {
            throw new StorageException(away.InnerException is SocketException
                ? $"no scheduler answers at {address}: start one (ser scheduler, or ser up), or give another --server ({away.InnerException.Message})"
                : $"{address} cannot be asked: {away.Message}", away);
        }

        RefuseOtherVersion(answer);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            string detail = await DetailAsync(answer, stop);
            throw (int)answer.StatusCode >= 500 ? new StorageException($"{address}: {detail}") : new InputException($"{address}: {detail}");
        }
    }

    private void RefuseOtherVersion(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues(ApiProtocol.VersionHeader, out var versions))
        {
            throw new InputException($"{address} is no scheduler of ser ({(int)answer.StatusCode} without the header {ApiProtocol.VersionHeader}): give the address that `ser scheduler` says it listens on");
        }

        if (versions.First() is var version && version != ApiProtocol.Version)
        {
            throw new InputException($"{address} runs ser {version} and this is {ApiProtocol.Version}: use the same version on both sides");
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            return problem.GetProperty("detail").GetString() ?? "";
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
        }
    }
}

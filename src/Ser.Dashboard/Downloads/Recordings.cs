using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Dashboard.Live;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;

namespace Ser.Dashboard.Downloads;

/// <summary>
/// Recordings of a sweep's corpus, to be played. A corpus's index names files of whoever submitted it, so a file is sent only if it is a recording by its name and has the digest that the index gives it.
/// </summary>
internal sealed class Recordings(Feeds feeds, IArtifactStore artifacts)
{
    private const int MostChecked = 50_000;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".wav"] = "audio/wav",
        [".flac"] = "audio/flac",
        [".ogg"] = "audio/ogg",
        [".mp3"] = "audio/mpeg",
    };

    private readonly ConcurrentDictionary<(string Path, string Sha256, long Length, DateTime Written), bool> verified = new();

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/sweeps/{sweep}/recordings/{index:int}", (string sweep, int index, Recordings recordings) => recordings.SendAsync(sweep, index));

    private async Task<IResult> SendAsync(string sweep, int index)
    {
        var moment = await feeds.Sweep(sweep).ReadAsync();
        return moment.Value is { } stored ? await Task.Run(() => Send(stored.Corpus, index))
            : moment.Problem is InputException unknown ? Refusal.Of(StatusCodes.Status404NotFound, unknown.Message)
            : Refusal.Of(StatusCodes.Status503ServiceUnavailable, moment.Problem?.Message ?? "the store cannot be read now");
    }

    private IResult Send(Corpus corpus, int index)
    {
        if (index < 0 || index >= corpus.Utterances.Count)
        {
            return Refusal.Of(StatusCodes.Status404NotFound, $"the corpus has {corpus.Utterances.Count} recordings, counted from 0: there is none of that number");
        }

        var utterance = corpus.Utterances[index];
        if (!Types.TryGetValue(Path.GetExtension(utterance.Path), out string? type))
        {
            return Refusal.Of(StatusCodes.Status415UnsupportedMediaType, $"{utterance.Name} is no recording that a browser plays (wav, flac, ogg or mp3)");
        }

        try
        {
            string path = artifacts.Fetch([new InputFile(utterance.Path, utterance.Sha256)])[0];
            return !File.Exists(path) ? Refusal.Of(StatusCodes.Status404NotFound, $"the recording {utterance.Name} is not on the dashboard's machine: it was at {utterance.Path} when the sweep was submitted")
                : IsTheOne(path, utterance.Sha256) ? TypedResults.PhysicalFile(path, type, enableRangeProcessing: true)
                : Refusal.Of(StatusCodes.Status409Conflict, $"{utterance.Name} is not the recording that was read: its file has changed since");
        }
        catch (Exception gone) when (gone is StorageException or IOException or UnauthorizedAccessException or InputException)
        {
            return Refusal.Of(StatusCodes.Status404NotFound, $"the recording {utterance.Name} cannot be had: {gone.Message}");
        }
    }

    private bool IsTheOne(string path, string sha256)
    {
        if (verified.Count >= MostChecked)
        {
            verified.Clear();
        }

        var file = new FileInfo(path);
        return verified.GetOrAdd((path, sha256, file.Length, file.LastWriteTimeUtc), _ =>
        {
            using var bytes = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256;
        });
    }
}

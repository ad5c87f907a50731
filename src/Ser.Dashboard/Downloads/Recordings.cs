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
/// Sends recordings of a sweep's corpus for playback. The index of a corpus is written by the user who submitted the sweep and could
/// name any file of this machine. A file is therefore sent only if its extension is one of an audio file and its SHA-256 is the one
/// in the index.
/// </summary>
internal sealed class Recordings(Feeds feeds, IArtifactStore artifacts)
{
    private const int MaxVerified = 50_000;

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".wav"] = "audio/wav",
        [".flac"] = "audio/flac",
        [".ogg"] = "audio/ogg",
        [".mp3"] = "audio/mpeg",
    };

    private readonly ConcurrentDictionary<FileVersion, bool> _verified = new();

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(
            "/sweeps/{sweep}/recordings/{index:int}",
            (string sweep, int index, Recordings recordings) => recordings.SendAsync(sweep, index));

    private async Task<IResult> SendAsync(string sweep, int index)
    {
        var latest = await feeds.Sweep(sweep).ReadAsync();
        return latest.Value is { } stored ? await Task.Run(() => Send(stored.Corpus, index))
            : latest.Problem is InputException unknown ? ErrorResponse.Create(StatusCodes.Status404NotFound, unknown.Message)
            : ErrorResponse.Create(StatusCodes.Status503ServiceUnavailable, latest.Problem?.Message ?? "the store cannot be read now");
    }

    private IResult Send(Corpus corpus, int index)
    {
        if (index < 0 || index >= corpus.Utterances.Count)
        {
            string range = $"the corpus has {corpus.Utterances.Count} recordings, numbered from 0";
            return ErrorResponse.Create(StatusCodes.Status404NotFound, $"there is no recording {index}: {range}");
        }

        var utterance = corpus.Utterances[index];
        if (!ContentTypes.TryGetValue(Path.GetExtension(utterance.Path), out string? type))
        {
            string message = $"{utterance.Name} is not in a format that browsers play (wav, flac, ogg or mp3)";
            return ErrorResponse.Create(StatusCodes.Status415UnsupportedMediaType, message);
        }

        try
        {
            string path = artifacts.FetchInputs([new InputFile(utterance.Path, utterance.Sha256)])[0];
            if (!File.Exists(path))
            {
                string message = $"the recording {utterance.Name} is not on the dashboard's machine: "
                    + $"it was at {utterance.Path} when the sweep was submitted";
                return ErrorResponse.Create(StatusCodes.Status404NotFound, message);
            }

            string changed = $"the file of {utterance.Name} has changed since the sweep was submitted";
            return HasDigest(path, utterance.Sha256)
                ? TypedResults.PhysicalFile(path, type, enableRangeProcessing: true)
                : ErrorResponse.Create(StatusCodes.Status409Conflict, changed);
        }
        catch (Exception error) when (error is StorageException or IOException or UnauthorizedAccessException or InputException)
        {
            return ErrorResponse.Create(StatusCodes.Status404NotFound, $"the recording {utterance.Name} cannot be read: {error.Message}");
        }
    }

    // Reading a large file for its digest takes long, so a file that has not changed since is not read again.
    private bool HasDigest(string path, string sha256)
    {
        if (_verified.Count >= MaxVerified)
        {
            _verified.Clear();
        }

        var file = new FileInfo(path);
        return _verified.GetOrAdd(new FileVersion(path, sha256, file.Length, file.LastWriteTimeUtc), _ =>
        {
            using var bytes = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256;
        });
    }

    private readonly record struct FileVersion(string Path, string Sha256, long Length, DateTime Written);
}

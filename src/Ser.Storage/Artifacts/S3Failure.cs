using Minio.Exceptions;
using Ser.Domain;

namespace Ser.Storage.Artifacts;

/// <summary>Translates errors of the object store into messages without keys or signed URLs.</summary>
internal static class S3Failure
{
    /// <summary>Translates an exception of the SDK, the network or the local disk; null for any other exception.</summary>
    public static StorageException? From(Exception problem, S3Settings settings) => problem switch
    {
        AccessDeniedException or AuthorizationException => new(
            $"The object store at {settings.Endpoint} refuses the access key, or access to bucket {settings.Bucket}: "
            + "check S3:AccessKey, S3:SecretKey, S3:Bucket and S3:Region.",
            problem),
        HttpRequestException { StatusCode: { } code } => Answered($"{(int)code} {code}"),
        MinioException answered => Answered(answered.Response?.Code ?? answered.ServerMessage ?? answered.GetType().Name),
        _ when StorageFailure.From(problem) is { } disk => disk,
        HttpRequestException or IOException { InnerException: System.Net.Sockets.SocketException } or TimeoutException => new(
            $"The object store at {settings.Endpoint} cannot be reached ({problem.GetBaseException().Message}): "
            + "check that it is running and that S3:Endpoint is correct.",
            problem),
        IOException => new(
            $"Reading from or writing to the object store at {settings.Endpoint} failed ({problem.GetBaseException().Message}).",
            problem),
        _ => null,
    };

    private static StorageException Answered(string error) =>
        new($"The object store answers {error}: check its log, and the permissions of the access key on the bucket.");
}

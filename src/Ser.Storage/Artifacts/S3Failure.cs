using Minio.Exceptions;
using Ser.Domain;

namespace Ser.Storage.Artifacts;

/// <summary>Says clearly, and without keys or signed URLs, what is the matter with the object store.</summary>
internal static class S3Failure
{
    /// <summary>The message for what the SDK, the network or the local disk has thrown; null where it is something else.</summary>
    public static StorageException? From(Exception problem, S3Settings settings) => problem switch
    {
        AccessDeniedException or AuthorizationException => new(
            $"The object store at {settings.Endpoint} refuses these keys, or bucket {settings.Bucket} is not theirs: check S3:AccessKey, S3:SecretKey, S3:Bucket and S3:Region.", problem),
        HttpRequestException { StatusCode: { } code } => Answered($"{(int)code} {code}"),
        MinioException answered => Answered(answered.Response?.Code ?? answered.ServerMessage ?? answered.GetType().Name),
        _ when StorageFailure.From(problem) is { } disk => disk,
        HttpRequestException or IOException { InnerException: System.Net.Sockets.SocketException } or TimeoutException => new(
            $"The object store at {settings.Endpoint} cannot be reached ({problem.GetBaseException().Message}): is it running, and S3:Endpoint right?", problem),
        IOException => new($"Reading from or writing to the object store at {settings.Endpoint} failed ({problem.GetBaseException().Message}).", problem),
        _ => null,
    };

    private static StorageException Answered(string what) => new($"The object store answers {what}: look into its own log, and whether bucket and keys may do what ser does.");
}

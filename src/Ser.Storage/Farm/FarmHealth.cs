using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;
using Ser.Storage.Jobs;

namespace Ser.Storage.Farm;

/// <summary>Whether a farm's servers answer as configured. Looks, and changes nothing.</summary>
/// <exception cref="StorageException">Thrown by every member when the server does not answer; the message names it, and no secret.</exception>
public static class FarmHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What the job store holds.</summary>
    /// <exception cref="InputException">Its schema is not this version's.</exception>
    public static string Jobs(FarmSettings settings)
    {
        PostgresJobs.Check(settings.Postgres);
        var counts = PostgresJobs.Open(settings.Postgres).Reads.Counts();
        return $"PostgreSQL answers: {counts.Values.Sum()} jobs, {counts.GetValueOrDefault(JobState.Ready)} ready, {counts.GetValueOrDefault(JobState.Running)} running";
    }

    /// <summary>Whether the broker lets us in.</summary>
    public static string Broker(FarmSettings settings)
    {
        string name = $"RabbitMQ at {settings.RabbitMq.Host}";
        try
        {
            var factory = new ConnectionFactory { Uri = settings.RabbitMq, RequestedConnectionTimeout = Patience };
            using var connection = factory.CreateConnectionAsync("ser doctor").GetAwaiter().GetResult();
            return $"{name} answers";
        }
        catch (Exception away) when (away is BrokerUnreachableException or RabbitMQClientException or IOException)
        {
            throw new StorageException($"{name} {(away.InnerException is AuthenticationFailureException or PossibleAuthenticationFailureException ? "refuses user or password" : "does not answer")}", away);
        }
    }

    /// <summary>Whether the object store lets us in, and has the bucket.</summary>
    public static string Objects(FarmSettings settings)
    {
        try
        {
            using var bucket = new S3Bucket(settings.S3, TimeProvider.System, Patience);
            return bucket.ExistsAsync().GetAwaiter().GetResult()
                ? $"{settings.S3.Endpoint} answers and has the bucket {settings.S3.Bucket}"
                : $"{settings.S3.Endpoint} answers; the bucket {settings.S3.Bucket} will be made on first use";
        }
        catch (Exception away) when (away is Minio.Exceptions.MinioException or HttpRequestException or IOException or OperationCanceledException)
        {
            throw new StorageException($"{settings.S3.Endpoint} does not let us in: {away.GetType().Name}", away);
        }
    }
}

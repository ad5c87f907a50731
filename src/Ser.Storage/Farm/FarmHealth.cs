using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;
using Ser.Storage.Jobs;

namespace Ser.Storage.Farm;

/// <summary>Checks whether a farm's servers answer as configured, without changing anything.</summary>
/// <exception cref="StorageException">Thrown by every member if the server does not answer. The message contains no secret.</exception>
public static class FarmHealth
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Counts the jobs in the job store.</summary>
    /// <exception cref="InputException">Its schema is not that of this version.</exception>
    public static string CheckJobStore(FarmSettings settings)
    {
        PostgresJobs.RequireCurrentSchema(settings.Postgres);
        var counts = PostgresJobs.Open(settings.Postgres).Reads.CountsByState();
        int ready = counts.GetValueOrDefault(JobState.Ready), running = counts.GetValueOrDefault(JobState.Running);
        return $"PostgreSQL answers: {counts.Values.Sum()} jobs, {ready} ready, {running} running";
    }

    /// <summary>Checks that the broker accepts a connection.</summary>
    public static string CheckBroker(FarmSettings settings)
    {
        string name = $"RabbitMQ at {settings.RabbitMq.Host}";
        try
        {
            var factory = new ConnectionFactory { Uri = settings.RabbitMq, RequestedConnectionTimeout = Timeout };
            using var connection = factory.CreateConnectionAsync("ser doctor").GetAwaiter().GetResult();
            return $"{name} answers";
        }
        catch (Exception problem) when (problem is BrokerUnreachableException or RabbitMQClientException or IOException)
        {
            bool refused = problem.InnerException is AuthenticationFailureException or PossibleAuthenticationFailureException;
            throw new StorageException($"{name} {(refused ? "refuses user or password" : "does not answer")}", problem);
        }
    }

    /// <summary>Checks that the object store grants access, and whether the bucket exists.</summary>
    public static string CheckObjectStore(FarmSettings settings)
    {
        try
        {
            using var bucket = new S3Bucket(settings.S3, TimeProvider.System, Timeout);
            return bucket.ExistsAsync().GetAwaiter().GetResult()
                ? $"{settings.S3.Endpoint} answers and has the bucket {settings.S3.Bucket}"
                : $"{settings.S3.Endpoint} answers; the bucket {settings.S3.Bucket} will be created on first use";
        }
        catch (Exception problem) when (IsAccessProblem(problem))
        {
            throw new StorageException($"{settings.S3.Endpoint} cannot be accessed: {problem.GetType().Name}", problem);
        }
    }

    private static bool IsAccessProblem(Exception problem) =>
        problem is Minio.Exceptions.MinioException or HttpRequestException or IOException or OperationCanceledException;
}

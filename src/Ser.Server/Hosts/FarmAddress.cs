using System.Data.Common;
using Ser.Storage.Farm;

namespace Ser.Server.Hosts;

/// <summary>The addresses of a farm's servers for people to read, without user names, passwords and keys.</summary>
internal static class FarmAddress
{
    /// <summary>For example `postgres://db/ser, rabbitmq://mq, s3://ser`. Default ports and virtual host are left out.</summary>
    internal static string Describe(FarmSettings farm) => $"{Postgres(farm.Postgres)}, {RabbitMq(farm.RabbitMq)}, s3://{farm.S3.Bucket}";

    private static string Postgres(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        string? Find(params string[] keys) => keys.Where(parts.ContainsKey).Select(key => parts[key].ToString()).FirstOrDefault();

        string host = Find("Host", "Server") ?? "?";
        string port = Find("Port") is { } given and not "5432" ? $":{given}" : "";
        string database = Find("Database", "DB") ?? "?";
        return $"postgres://{host}{port}/{database}";
    }

    private static string RabbitMq(Uri broker)
    {
        string port = broker.Port is -1 or 5672 or 5671 ? "" : $":{broker.Port}";
        string virtualHost = broker.AbsolutePath == "/" ? "" : broker.AbsolutePath;
        return $"rabbitmq://{broker.Host}{port}{virtualHost}";
    }
}

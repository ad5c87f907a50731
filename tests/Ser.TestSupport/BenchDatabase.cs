using Npgsql;
using Ser.Domain;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;

namespace Ser.TestSupport;

/// <summary>A job store's database on a server, made for measuring; goes when disposed.</summary>
public sealed class BenchDatabase : IDisposable
{
    private readonly string server;
    private readonly string name = $"ser_bench_{Environment.ProcessId}";

    /// <summary>Makes it, with the schema.</summary>
    /// <param name="server">Connection string of a user who may create databases.</param>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    /// <exception cref="StorageException">The server cannot be reached.</exception>
    public BenchDatabase(string server)
    {
        this.server = server;
        OnServer($"CREATE DATABASE {name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
        PostgresJobs.Migrate(ConnectionString);
    }

    /// <summary>Of the database.</summary>
    public string ConnectionString { get; }

    /// <inheritdoc/>
    public void Dispose() => OnServer($"DROP DATABASE {name} WITH (FORCE)");

    private void OnServer(string sql) => new PostgresDatabase(server).Guarded(() =>
    {
        using var connection = new NpgsqlConnection(server);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteNonQuery();
    });
}

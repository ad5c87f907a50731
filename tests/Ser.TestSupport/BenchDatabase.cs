using Npgsql;
using Ser.Domain;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;

namespace Ser.TestSupport;

/// <summary>A temporary job database for a benchmark; dropped on disposal.</summary>
public sealed class BenchDatabase : IDisposable
{
    private readonly string _server;
    private readonly string _name = $"ser_bench_{Environment.ProcessId}";

    /// <summary>Creates the database and its schema.</summary>
    /// <param name="server">Connection string of a user with the right to create databases.</param>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    /// <exception cref="StorageException">The server cannot be reached.</exception>
    public BenchDatabase(string server)
    {
        _server = server;
        ExecuteOnServer($"CREATE DATABASE {_name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _name }.ToString();
        PostgresJobs.Migrate(ConnectionString);
    }

    /// <summary>Connection string of the created database.</summary>
    public string ConnectionString { get; }

    /// <inheritdoc/>
    public void Dispose() => ExecuteOnServer($"DROP DATABASE {_name} WITH (FORCE)");

    private void ExecuteOnServer(string sql) => new PostgresDatabase(_server).TranslateErrors(() =>
    {
        using var connection = new NpgsqlConnection(_server);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteNonQuery();
    });
}

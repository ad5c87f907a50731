using Npgsql;
using Xunit;

namespace Ser.TestSupport;

/// <summary>An empty database on the server of SER_TEST_POSTGRES that is dropped after the test.</summary>
public sealed class TestDatabase : IDisposable
{
    private static readonly string Server = Environment.GetEnvironmentVariable("SER_TEST_POSTGRES") ?? "";
    private static int _made;
    private readonly string _name = $"ser_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}";

    /// <summary>Creates it. The test is skipped where there is no server.</summary>
    public TestDatabase()
    {
        Assert.SkipUnless(
            Server != "",
            "set SER_TEST_POSTGRES to the connection string of a PostgreSQL superuser, or run ./ser test where it can start one");
        OnServer($"CREATE DATABASE {_name}");
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(Server) { Database = _name, IncludeErrorDetail = true }.ToString();

    public void Run(string sql) => Run(ConnectionString, sql);

    /// <summary>The single value of a query, as text.</summary>
    public string Read(string sql) => Run(ConnectionString, sql);

    /// <summary>Ends every connection to the database, as an administrator or a restart does.</summary>
    public void EndConnections() => OnServer($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name}'");

    public void Dispose() => OnServer($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private static void OnServer(string sql) => Run(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString(), sql);

    private static string Run(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}

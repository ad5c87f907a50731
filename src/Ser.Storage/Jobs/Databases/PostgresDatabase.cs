using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// A PostgreSQL database. Write transactions are READ COMMITTED: each statement sees what others have committed, so rows that must not
/// change between two statements are locked first. Locks are taken in one order: the plan lock, then jobs by depth and id.
/// </summary>
internal sealed class PostgresDatabase : JobDatabase
{
    /// <summary>Keys of advisory locks: "ser" in ASCII and a number.</summary>
    private const long PlanLock = 0x736572_01, SchemaLock = 0x736572_02;

    /// <summary>
    /// Server settings that release the locks of a process that hangs within a transaction or whose machine has lost power: the server
    /// aborts an idle transaction after 10 s, and closes a connection that does not answer after half a minute. Not applied if the
    /// connection string has Options of its own.
    /// </summary>
    private const string TimeoutOptions =
        "-c idle_in_transaction_session_timeout=10s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private const string ExampleConnectionString = "Host=…;Port=5432;Database=…;Username=…;Password=…";

    // Error code of idle_in_transaction_session_timeout, for which Npgsql has no constant.
    private const string IdleInTransactionTimeout = "25P03";

    private readonly PooledDbContextFactory<PostgresJobContext> _contexts;
    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <summary>Does not connect yet.</summary>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    public PostgresDatabase(string connectionString)
    {
        try
        {
            _connection = new(connectionString);
        }
        catch (Exception invalid) when (invalid is ArgumentException or FormatException)
        {
            // The message of Npgsql is not included: it may quote a value, which may be part of an unquoted password.
            throw new InputException($"The connection string of PostgreSQL is invalid; write it as {ExampleConnectionString}");
        }

        if (string.IsNullOrEmpty(_connection.Host) || string.IsNullOrEmpty(_connection.Database))
        {
            throw new InputException(
                $"The connection string of PostgreSQL has no host or no database; write it as {ExampleConnectionString}");
        }

        _connection.ApplicationName ??= "ser";
        _connection.Options ??= TimeoutOptions;
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Max Auto Prepare"))
        {
            // The store has few statements, each planned once per connection. Set it to 0 for a pooler without prepared statements.
            _connection.MaxAutoPrepare = 100;
        }

        Name = $"PostgreSQL database {_connection.Database} on {_connection.Host}:{_connection.Port}";
        _contexts = new(PostgresJobContext.Options(_connection.ToString()));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool HasSingleWriter => false;

    /// <inheritdoc/>
    protected override string Replacement => "another database";

    /// <inheritdoc/>
    public override JobContext CreateContext() => _contexts.CreateDbContext();

    /// <inheritdoc/>
    public override void LockPlans(JobContext db) => db.Database.ExecuteSql($"SELECT pg_advisory_xact_lock({PlanLock})");

    /// <inheritdoc/>
    public override void LockJobs(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        if (jobIds.Count > 0)
        {
            string[] ids = [.. jobIds];
            db.Database.ExecuteSql($"""SELECT FROM jobs WHERE "Id" = ANY ({ids}) ORDER BY "Depth", "Id" FOR UPDATE""");
        }
    }

    /// <inheritdoc/>
    public override void UpdateStatistics(JobContext db) => db.Database.ExecuteSql($"ANALYZE jobs, parents, sweep_jobs");

    /// <inheritdoc/>
    public override IReadOnlyList<TJob> LockFirstJobs<TJob>(IQueryable<TJob> jobs, int count) =>
        [.. jobs.Take(count).TagWith(SkipLockedInterceptor.Tag)];

    /// <inheritdoc/>
    public override void Insert<TRow>(JobContext db, IEnumerable<TRow> rows)
    {
        var bulk = BulkTable.FromModel<TRow>(db);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        using var copy = connection.BeginBinaryImport($"COPY {bulk.Table} ({bulk.QuotedNames}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            copy.StartRow();
            foreach (var column in bulk.Columns)
            {
                if (column.ReadValue(row) is { } value)
                {
                    copy.Write(value, column.StoreType);
                }
                else
                {
                    copy.WriteNull();
                }
            }
        }

        copy.Complete();
    }

    /// <summary>Creates the schema, or migrates it to this version. Of several processes one does it and the others wait.</summary>
    /// <exception cref="InputException">The schema is newer, or so old that it cannot be migrated.</exception>
    public void Migrate() => TranslateErrors(() =>
    {
        using var db = CreateContext();
        db.Database.OpenConnection(); // Advisory locks belong to the connection, so it must stay open.
        db.Database.ExecuteSql($"SELECT pg_advisory_lock({SchemaLock})");
        RefuseUnknownSchema(db);
        db.Database.Migrate();
        db.Database.ExecuteSql($"SELECT pg_advisory_unlock({SchemaLock})");
        return 0;
    });

    /// <summary>Whether no schema has been created yet.</summary>
    public bool IsEmpty() => TranslateErrors(() =>
    {
        using var db = CreateContext();
        db.Database.OpenConnection(); // Fails if the database does not exist; EF Core would report it as one without migrations.
        return !db.Database.GetAppliedMigrations().Any();
    });

    /// <summary>Refuses a schema that this version does not know.</summary>
    /// <exception cref="InputException">The schema is missing, older or newer.</exception>
    public void RequireCurrentSchema() => TranslateErrors(() =>
    {
        using var db = CreateContext();
        db.Database.OpenConnection(); // Fails if the database does not exist; EF Core would report it as one without migrations.
        RefuseUnknownSchema(db);
        if (db.Database.GetPendingMigrations().Any())
        {
            throw new InputException(db.Database.GetAppliedMigrations().Any()
                ? $"{Name} has the schema of an older version of ser; run `ser scheduler --migrate`."
                : $"{Name} is empty; start `ser scheduler`, which creates its tables.");
        }

        return 0;
    });

    /// <summary>Closes the pooled connections.</summary>
    public void ClosePool() => NpgsqlConnection.ClearPool(new NpgsqlConnection(_connection.ToString()));

    /// <inheritdoc/>
    protected override IDbContextTransaction BeginWriting(JobContext db) => db.Database.BeginTransaction(IsolationLevel.ReadCommitted);

    /// <inheritdoc/>
    protected override IDbContextTransaction BeginReading(JobContext db) => db.Database.BeginTransaction(IsolationLevel.RepeatableRead);

    /// <inheritdoc/>
    protected override bool IsSerializationFailure(Exception problem) => Cause(problem) is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };

    /// <inheritdoc/>
    protected override string? DescribeStorageFailure(Exception problem) => Cause(problem) switch
    {
        PostgresException error => MessageFor(error),
        NpgsqlException error => $"{Name} cannot be reached: {error.Message}",
        _ => null,
    };

    private string? MessageFor(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{Name} refuses the login of {_connection.Username}; check user and password of the connection string.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"{Name} does not exist; create it (createdb {_connection.Database}), then run `ser scheduler --migrate`.",
        PostgresErrorCodes.InsufficientPrivilege => $"{Name} denies this operation to {_connection.Username}: {error.MessageText}.",
        PostgresErrorCodes.DiskFull => $"The disk of {Name} is full; free some space and resume.",
        ['5', '3' or '7' or '8', ..] or ['0', '8', ..] or ['4', '0', ..] or ['X', 'X', ..]
            or PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionTimeout =>
            $"{Name} cannot be used at the moment: {error.MessageText}.",
        _ => null,
    };

    // EF Core wraps exceptions that it regards as transient.
    private static Exception? Cause(Exception? problem)
    {
        while (problem is not (null or NpgsqlException))
        {
            problem = problem.InnerException;
        }

        return problem;
    }
}

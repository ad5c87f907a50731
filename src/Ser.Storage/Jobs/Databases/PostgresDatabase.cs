using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// A PostgreSQL database. Transactions that write are READ COMMITTED: each statement sees what others have committed, so what must not change between
/// two statements is locked first. Locks are taken in one order: plans, then jobs by depth and id.
/// </summary>
internal sealed class PostgresDatabase : JobDatabase
{
    /// <summary>Keys of advisory locks, "ser" and a number.</summary>
    private const long Plans = 0x736572_01, Schema = 0x736572_02;

    /// <summary>
    /// A process that stands still in the middle of a transaction, or whose machine has lost power, holds rows that everybody waits for: the server ends its transaction after 10 s, and after
    /// half a minute a connection whose other side does not answer. Whoever gives Options of their own says so themselves.
    /// </summary>
    private const string LettingGo = "-c idle_in_transaction_session_timeout=10s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    // idle_in_transaction_session_timeout, which Npgsql has no name for.
    private const string StoodStill = "25P03";

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
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Npgsql's own message may quote a value, and the value may be a password that was not quoted.
            throw new InputException("The connection string of PostgreSQL is wrong; write it as Host=…;Port=5432;Database=…;Username=…;Password=…");
        }

        if (string.IsNullOrEmpty(_connection.Host) || string.IsNullOrEmpty(_connection.Database))
        {
            throw new InputException("The connection string of PostgreSQL names no host or no database; write it as Host=…;Port=5432;Database=…;Username=…;Password=…");
        }

        _connection.ApplicationName ??= "ser";
        _connection.Options ??= LettingGo;
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Max Auto Prepare"))
        {
            _connection.MaxAutoPrepare = 100; // the few statements of the store, planned once a connection; 0 for a pooler that does not know them
        }

        Name = $"PostgreSQL database {_connection.Database} on {_connection.Host}:{_connection.Port}";
        _contexts = new(PostgresJobContext.Options(_connection.ToString()));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool OneWriter => false;

    /// <inheritdoc/>
    public override JobContext Open() => _contexts.CreateDbContext();

    /// <inheritdoc/>
    public override void LockPlans(JobContext db) => db.Database.ExecuteSql($"SELECT pg_advisory_xact_lock({Plans})");

    /// <inheritdoc/>
    public override void Lock(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        if (jobIds.Count > 0)
        {
            string[] ids = [.. jobIds];
            db.Database.ExecuteSql($"""SELECT FROM jobs WHERE "Id" = ANY ({ids}) ORDER BY "Depth", "Id" FOR UPDATE""");
        }
    }

    /// <inheritdoc/>
    public override void Learn(JobContext db) => db.Database.ExecuteSql($"ANALYZE jobs, parents, sweep_jobs");

    /// <inheritdoc/>
    public override IReadOnlyList<TJob> LockFirst<TJob>(IQueryable<TJob> jobs, int count) => [.. jobs.Take(count).TagWith(SkipLocked.Tag)];

    /// <inheritdoc/>
    public override void Insert<TRow>(JobContext db, IEnumerable<TRow> rows)
    {
        var bulk = BulkRows.Of<TRow>(db);
        using var copy = ((NpgsqlConnection)db.Database.GetDbConnection()).BeginBinaryImport($"COPY {bulk.Table} ({bulk.Names}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            copy.StartRow();
            foreach (var column in bulk.Columns)
            {
                if (column.Of(row) is { } value)
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

    /// <summary>Creates the schema, or brings it to this version's. Of several processes one does it and the others wait for it.</summary>
    /// <exception cref="InputException">The schema is from a newer version.</exception>
    public void Migrate() => Guarded(() =>
    {
        using var db = Open();
        db.Database.OpenConnection(); // the lock is the connection's
        db.Database.ExecuteSql($"SELECT pg_advisory_lock({Schema})");
        RefuseNewer(db);
        db.Database.Migrate();
        db.Database.ExecuteSql($"SELECT pg_advisory_unlock({Schema})");
        return 0;
    });

    /// <summary>Whether no schema has been made yet.</summary>
    public bool IsEmpty() => Guarded(() =>
    {
        using var db = Open();
        db.Database.OpenConnection(); // to EF Core a database that is not there is one without migrations
        return !db.Database.GetAppliedMigrations().Any();
    });

    /// <summary>Refuses a schema that this version does not know.</summary>
    /// <exception cref="InputException">The schema is missing, older or newer.</exception>
    public void Check() => Guarded(() =>
    {
        using var db = Open();
        db.Database.OpenConnection(); // to EF Core a database that is not there is one without migrations
        RefuseNewer(db);
        if (db.Database.GetPendingMigrations().Any())
        {
            throw new InputException(db.Database.GetAppliedMigrations().Any()
                ? $"{Name} has the schema of an older version of ser; run `ser scheduler --migrate`."
                : $"{Name} is empty; start `ser scheduler`, which makes it ready.");
        }

        return 0;
    });

    /// <summary>Closes the connections that wait for further use.</summary>
    public void Close() => NpgsqlConnection.ClearPool(new NpgsqlConnection(_connection.ToString()));

    /// <inheritdoc/>
    protected override IDbContextTransaction BeginWriting(JobContext db) => db.Database.BeginTransaction(IsolationLevel.ReadCommitted);

    /// <inheritdoc/>
    protected override IDbContextTransaction BeginReading(JobContext db) => db.Database.BeginTransaction(IsolationLevel.RepeatableRead);

    /// <inheritdoc/>
    protected override bool GaveWay(Exception problem) => Cause(problem) is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <inheritdoc/>
    protected override string? FailureOfStorage(Exception problem) => Cause(problem) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"{Name} does not let {_connection.Username} in; check user and password of the connection string.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"{Name} does not exist; create it (createdb {_connection.Database}), then run `ser scheduler --migrate`.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => $"{Name} does not allow it to {_connection.Username}: {refused.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"The disk of {Name} is full; make room and resume.",
        PostgresException { SqlState: ['5', '3' or '7' or '8', ..] or ['0', '8', ..] or ['4', '0', ..] or ['X', 'X', ..] or PostgresErrorCodes.ReadOnlySqlTransaction or StoodStill } away =>
            $"{Name} cannot be used at the moment: {away.MessageText}.",
        PostgresException => null,
        NpgsqlException away => $"{Name} cannot be reached: {away.Message}",
        _ => null,
    };

    private void RefuseNewer(JobContext db)
    {
        if (UnknownMigration(db) is { } unknown)
        {
            throw new InputException($"{Name} is of a newer version of ser (its schema has {unknown}, which this version does not know); use that version.");
        }
    }

    // EF Core wraps what it takes to be transient.
    private static Exception? Cause(Exception? problem)
    {
        while (problem is not (null or NpgsqlException))
        {
            problem = problem.InnerException;
        }

        return problem;
    }
}

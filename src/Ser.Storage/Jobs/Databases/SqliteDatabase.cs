using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// The SQLite file of a data folder. Several processes may have it open: WAL, and a busy timeout of 30 s. A transaction that writes holds the whole
/// file from its beginning, so what it reads cannot change before it is written, and single rows need no locks.
/// </summary>
internal sealed class SqliteDatabase : JobDatabase
{
    /// <summary>Result codes that say that the storage, not the statement, is at fault.</summary>
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    private readonly PooledDbContextFactory<SqliteJobContext> _contexts;

    /// <summary>Does not touch the file.</summary>
    public SqliteDatabase(string file)
    {
        Name = file;
        _contexts = new(SqliteJobContext.Options(ConnectionString));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool OneWriter => true;

    /// <inheritdoc/>
    public override JobContext Open() => _contexts.CreateDbContext();

    /// <inheritdoc/>
    public override void LockPlans(JobContext db)
    {
    }

    /// <inheritdoc/>
    public override void Lock(JobContext db, IReadOnlyCollection<string> jobIds)
    {
    }

    /// <inheritdoc/>
    public override void Learn(JobContext db)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TJob> LockFirst<TJob>(IQueryable<TJob> jobs, int count) => [.. jobs.Take(count)];

    /// <inheritdoc/>
    public override void Insert<TRow>(JobContext db, IEnumerable<TRow> rows)
    {
        var bulk = BulkRows.Of<TRow>(db);
        using var command = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = $"INSERT INTO {bulk.Table} ({bulk.Names}) VALUES ({string.Join(", ", bulk.Columns.Select((_, at) => $"@p{at}"))})";
        var values = bulk.Columns.Select((_, at) => command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{at}" })).ToList();
        foreach (var row in rows)
        {
            for (int at = 0; at < values.Count; at++)
            {
                values[at].Value = bulk.Columns[at].Of(row) ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }

    /// <summary>Brings the file to this version's schema, creating it if need be. The caller holds the folder's lock.</summary>
    public void Migrate() => Guarded(() =>
    {
        using var db = Open();
        if (db.Database.GetPendingMigrations().Any())
        {
            RemoveLockOfTheDead(db);
            db.Database.ExecuteSql($"PRAGMA journal_mode = 'wal'"); // readers and the runner do not wait for each other
            db.Database.Migrate();
        }

        return 0;
    });

    /// <summary>Refuses a file whose schema this version does not know.</summary>
    /// <exception cref="InputException">The file is from a newer or an older version.</exception>
    public void Check() => Guarded(() =>
    {
        using var db = Open();
        RefuseNewer(db);
        if (db.Database.GetPendingMigrations().Any())
        {
            throw new InputException($"{Name} is from an older version of ser; run `ser resume` or `ser run` on its folder once to bring it up to date.");
        }

        return 0;
    });

    /// <summary>Refuses a file from a newer version before anything in its folder is touched.</summary>
    /// <exception cref="InputException">It is from a newer version.</exception>
    public void RefuseNewer() => Guarded(() =>
    {
        using var db = Open();
        RefuseNewer(db);
        return 0;
    });

    /// <summary>Closes the connections that wait for further use.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    protected override IDbContextTransaction BeginWriting(JobContext db) => db.Database.BeginTransaction(); // BEGIN IMMEDIATE

    /// <inheritdoc/>
    protected override IDbContextTransaction BeginReading(JobContext db)
    {
        db.Database.OpenConnection();
        return db.Database.UseTransaction(((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true))!;
    }

    /// <inheritdoc/>
    protected override bool GaveWay(Exception problem) => false;

    /// <inheritdoc/>
    protected override string? FailureOfStorage(Exception problem) => (problem as SqliteException ?? (problem as DbUpdateException)?.InnerException as SqliteException)
        is not { } inner ? null : inner.SqliteErrorCode switch
        {
            Busy or Locked => $"{Name} was kept locked by another process for half a minute; see what holds it (a backup, a file browser?) and resume.",
            Full => $"The disk that holds {Name} is full; make room and resume.",
            ReadOnly or CannotOpen => $"{Name} cannot be opened for writing; check that it and its folder may be written.",
            NotADatabase or Corrupt => $"{Name} is damaged ({inner.Message}); restore it from a copy, or start with another data folder.",
            InputOutput => $"{Name} cannot be read or written ({inner.Message}); check its disk and resume.",
            _ => null,
        };

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Name, DefaultTimeout = 30 }.ToString();

    // A process that was killed while it migrated leaves EF Core's lock behind, a row for which every later one would wait for ever.
    private static void RemoveLockOfTheDead(JobContext db)
    {
        if (db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").Single() > 0)
        {
            db.Database.ExecuteSql($"DELETE FROM __EFMigrationsLock");
        }
    }

    private void RefuseNewer(JobContext db)
    {
        if (!File.Exists(Name) || new FileInfo(Name).Length == 0)
        {
            return;
        }

        if (UnknownMigration(db) is { } unknown)
        {
            throw new InputException($"{Name} is from a newer version of ser (its schema has {unknown}, which this version does not know); use that version, or another data folder.");
        }
    }
}

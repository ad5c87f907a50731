using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// The SQLite file of a data folder. Several processes may have it open, with WAL and a busy timeout of 30 s. A write transaction locks the
/// whole file from its beginning, so that what it reads cannot change before it is written, and single rows need no locks.
/// </summary>
internal sealed class SqliteDatabase : JobDatabase
{
    /// <summary>Result codes for failures of the storage, not of the statement.</summary>
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    private readonly PooledDbContextFactory<SqliteJobContext> _contexts;

    /// <summary>Does not open the file yet.</summary>
    public SqliteDatabase(string file)
    {
        Name = file;
        _contexts = new(SqliteJobContext.Options(ConnectionString));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool HasSingleWriter => true;

    /// <inheritdoc/>
    protected override string Replacement => "another data folder";

    /// <inheritdoc/>
    public override JobContext CreateContext() => _contexts.CreateDbContext();

    /// <inheritdoc/>
    public override void LockPlans(JobContext db)
    {
    }

    /// <inheritdoc/>
    public override void LockJobs(JobContext db, IReadOnlyCollection<string> jobIds)
    {
    }

    /// <inheritdoc/>
    public override void UpdateStatistics(JobContext db)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TJob> LockFirstJobs<TJob>(IQueryable<TJob> jobs, int count) => [.. jobs.Take(count)];

    /// <inheritdoc/>
    public override void Insert<TRow>(JobContext db, IEnumerable<TRow> rows)
    {
        var bulk = BulkTable.FromModel<TRow>(db);
        using var command = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        string[] names = [.. bulk.Columns.Select((_, index) => $"@p{index}")];
        command.CommandText = $"INSERT INTO {bulk.Table} ({bulk.QuotedNames}) VALUES ({string.Join(", ", names)})";
        var values = names.Select(name => command.Parameters.Add(new SqliteParameter { ParameterName = name })).ToList();
        foreach (var row in rows)
        {
            for (int i = 0; i < values.Count; i++)
            {
                values[i].Value = bulk.Columns[i].ReadValue(row) ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }

    /// <summary>Creates the file, or migrates its schema to this version. The caller holds the folder's lock.</summary>
    public void Migrate() => TranslateErrors(() =>
    {
        using var db = CreateContext();
        if (db.Database.GetPendingMigrations().Any())
        {
            RemoveStaleMigrationLock(db);

            // With WAL readers and the runner do not block each other.
            db.Database.ExecuteSql($"PRAGMA journal_mode = 'wal'");
            db.Database.Migrate();
        }

        return 0;
    });

    /// <summary>Refuses a file whose schema is not that of this version.</summary>
    /// <exception cref="InputException">The file is from a newer or an older version.</exception>
    public void RequireCurrentSchema() => TranslateErrors(() =>
    {
        using var db = CreateContext();
        RefuseUnknownSchemaOfFile(db);
        if (db.Database.GetPendingMigrations().Any())
        {
            throw new InputException(
                $"{Name} is from an older version of ser; run `ser resume` or `ser run` on its folder once to migrate it.");
        }

        return 0;
    });

    /// <summary>Refuses a file from another version, unless it can be migrated, before anything in its folder is touched.</summary>
    /// <exception cref="InputException">The file is from a newer version, or from one whose schema cannot be migrated.</exception>
    public void RefuseUnknownSchema() => TranslateErrors(() =>
    {
        using var db = CreateContext();
        RefuseUnknownSchemaOfFile(db);
        return 0;
    });

    /// <summary>Closes the pooled connections.</summary>
    public void ClosePool()
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
    protected override bool IsSerializationFailure(Exception problem) => false;

    /// <inheritdoc/>
    protected override string? DescribeStorageFailure(Exception problem)
    {
        var error = problem as SqliteException ?? (problem as DbUpdateException)?.InnerException as SqliteException;
        return error?.SqliteErrorCode switch
        {
            Busy or Locked =>
                $"{Name} was locked by another process for half a minute; close the program that uses it (such as a backup) and resume.",
            Full => $"The disk of {Name} is full; free some space and resume.",
            ReadOnly or CannotOpen => $"{Name} cannot be opened for writing; check the permissions of the file and its folder.",
            NotADatabase or Corrupt =>
                $"{Name} is damaged ({error.Message}); restore it from a copy, or start with another data folder.",
            InputOutput => $"{Name} cannot be read or written ({error.Message}); check its disk and resume.",
            _ => null,
        };
    }

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Name, DefaultTimeout = 30 }.ToString();

    // A process that was killed during a migration leaves the lock row of EF Core, for which every later migration would wait forever.
    private static void RemoveStaleMigrationLock(JobContext db)
    {
        if (db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").Single() > 0)
        {
            db.Database.ExecuteSql($"DELETE FROM __EFMigrationsLock");
        }
    }

    private void RefuseUnknownSchemaOfFile(JobContext db)
    {
        if (File.Exists(Name) && new FileInfo(Name).Length > 0)
        {
            RefuseUnknownSchema(db);
        }
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Ser.Domain;

namespace Ser.Hosting.Jobs;

/// <summary>The SQLite file of a data folder. Several processes may have it open: WAL, and a busy timeout of 30 s.</summary>
internal static class SqliteDatabase
{
    /// <summary>Result codes that say that the storage, not the statement, is at fault.</summary>
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>Makes contexts on the file; does not touch it.</summary>
    public static PooledDbContextFactory<JobContext> At(string file) => new(
        new DbContextOptionsBuilder<JobContext>().UseSqlite(ConnectionString(file)).Options);

    /// <summary>How the file is opened; also the name of its connection pool.</summary>
    public static string ConnectionString(string file) => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();

    /// <summary>Brings the file to this version's schema, creating it if need be. The caller holds the folder's lock.</summary>
    public static void Migrate(IDbContextFactory<JobContext> contexts, string file) => Guarded(file, () =>
    {
        using var db = contexts.CreateDbContext();
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
    public static void Check(IDbContextFactory<JobContext> contexts, string file) => Guarded(file, () =>
    {
        using var db = contexts.CreateDbContext();
        RefuseNewer(db, file);
        if (db.Database.GetPendingMigrations().Any())
        {
            throw new InputException($"{file} is from an older version of ser; run `ser resume` or `ser run` on its folder once to bring it up to date.");
        }

        return 0;
    });

    /// <summary>Runs <paramref name="work"/> and says clearly when the storage fails it.</summary>
    public static T Guarded<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException problem) when (IsStorage(problem))
        {
            throw Storage(file, problem);
        }
        catch (DbUpdateException problem) when (problem.InnerException is SqliteException inner && IsStorage(inner))
        {
            throw Storage(file, inner);
        }
    }

    // A process that was killed while it migrated leaves EF Core's lock behind, a row for which every later one would wait for ever.
    private static void RemoveLockOfTheDead(JobContext db)
    {
        if (db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").Single() > 0)
        {
            db.Database.ExecuteSql($"DELETE FROM __EFMigrationsLock");
        }
    }

    /// <summary>Refuses a file from a newer version before anything in its folder is touched.</summary>
    /// <exception cref="InputException">It is from a newer version.</exception>
    public static void RefuseNewer(IDbContextFactory<JobContext> contexts, string file) => Guarded(file, () =>
    {
        using var db = contexts.CreateDbContext();
        RefuseNewer(db, file);
        return 0;
    });

    private static void RefuseNewer(JobContext db, string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return;
        }

        if (db.Database.GetAppliedMigrations().Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
        {
            throw new InputException($"{file} is from a newer version of ser (its schema has {unknown}, which this version does not know); use that version, or another data folder.");
        }
    }

    private static bool IsStorage(SqliteException problem) =>
        problem.SqliteErrorCode is Busy or Locked or ReadOnly or InputOutput or Corrupt or Full or CannotOpen or NotADatabase;

    private static StorageException Storage(string file, SqliteException problem) => new(
        problem.SqliteErrorCode switch
        {
            Busy or Locked => $"{file} was kept locked by another process for half a minute; see what holds it (a backup, a file browser?) and resume.",
            Full => $"The disk that holds {file} is full; make room and resume.",
            ReadOnly or CannotOpen => $"{file} cannot be opened for writing; check that it and its folder may be written.",
            NotADatabase or Corrupt => $"{file} is damaged ({problem.Message}); restore it from a copy, or start with another data folder.",
            _ => $"{file} cannot be read or written ({problem.Message}); check its disk and resume.",
        },
        problem);
}

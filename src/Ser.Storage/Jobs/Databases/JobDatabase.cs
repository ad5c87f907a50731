using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>A database that holds the job store. It abstracts the differences between SQLite and PostgreSQL.</summary>
internal abstract class JobDatabase
{
    /// <summary>Maximum number of attempts at a transaction that the database aborts in favour of another.</summary>
    private const int MaxTries = 8;

    /// <summary>Its name in messages: the file, or server and database. Contains no password.</summary>
    public abstract string Name { get; }

    /// <summary>What to use instead of a database of another version, in messages.</summary>
    protected abstract string Replacement { get; }

    /// <summary>Whether there can be only one write transaction at a time, so that checking first without one is worthwhile.</summary>
    public abstract bool HasSingleWriter { get; }

    /// <summary>Creates a context. Does not connect yet.</summary>
    public abstract JobContext CreateContext();

    /// <summary>
    /// Takes the plan lock, under which sweeps and their jobs are added and changed, until the end of the transaction. Must be taken before
    /// any row is locked.
    /// </summary>
    public abstract void LockPlans(JobContext db);

    /// <summary>
    /// Locks these jobs against changes by others until the end of the transaction. Always in the same order, ancestors first, to avoid
    /// deadlocks.
    /// </summary>
    public abstract void LockJobs(JobContext db, IReadOnlyCollection<string> jobIds);

    /// <summary>Locks, as <see cref="LockJobs"/> does, and returns the first of these jobs that no other transaction has locked.</summary>
    public abstract IReadOnlyList<TJob> LockFirstJobs<TJob>(IQueryable<TJob> jobs, int count);

    /// <summary>Inserts many rows, bypassing the change tracker.</summary>
    public abstract void Insert<TRow>(JobContext db, IEnumerable<TRow> rows)
        where TRow : class;

    /// <summary>Updates the statistics of the database after a change of many rows, so that it chooses suitable indexes.</summary>
    public abstract void UpdateStatistics(JobContext db);

    /// <summary>Runs <paramref name="work"/> in one transaction, and again if the database aborts it in favour of another.</summary>
    /// <exception cref="StorageException">The database cannot be read or written.</exception>
    public T Write<T>(Func<JobContext, T> work)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return TranslateErrors(() => InTransaction(BeginWriting, work));
            }
            catch (Exception conflict) when (tries < MaxTries
                && (conflict is DbUpdateConcurrencyException || IsSerializationFailure(conflict)))
            {
            }
        }
    }

    /// <summary>Runs <paramref name="read"/> on a consistent snapshot of the database.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Read<T>(Func<JobContext, T> read) => TranslateErrors(() => InTransaction(BeginReading, read));

    /// <summary>Runs a single query or statement without a transaction.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Query<T>(Func<JobContext, T> query) => TranslateErrors(() =>
    {
        using var db = CreateContext();
        return query(db);
    });

    /// <summary>Runs <paramref name="work"/> and translates storage failures into <see cref="StorageException"/>.</summary>
    public T TranslateErrors<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (DescribeStorageFailure(problem) is { } message)
        {
            throw new StorageException(message, problem);
        }
    }

    /// <summary>Begins a transaction that writes.</summary>
    protected abstract IDbContextTransaction BeginWriting(JobContext db);

    /// <summary>Begins a transaction on a consistent snapshot.</summary>
    protected abstract IDbContextTransaction BeginReading(JobContext db);

    /// <summary>The message for a failure of the storage; null for any other exception.</summary>
    protected abstract string? DescribeStorageFailure(Exception problem);

    /// <summary>Whether the database aborted the transaction in favour of another.</summary>
    protected abstract bool IsSerializationFailure(Exception problem);

    /// <summary>Refuses a schema with a migration that this version does not know.</summary>
    /// <exception cref="InputException">The schema is from before the initial migration of this version, or from a newer one.</exception>
    protected void RefuseUnknownSchema(JobContext db)
    {
        string[] known = [.. db.Database.GetMigrations()];
        string? unknown = db.Database.GetAppliedMigrations().Except(known).LastOrDefault();
        if (unknown is null)
        {
            return;
        }

        // Ids begin with the time at which the migration was made.
        bool isOlder = string.CompareOrdinal(unknown, known[0]) < 0;
        throw new InputException(isOlder
            ? $"{Name} is from an earlier version of ser, whose schema cannot be migrated ({unknown}). With that version, write each sweep "
                + $"to a file with `ser export SWEEP`; with this version, read the files into {Replacement} with `ser import FILE`."
            : $"{Name} is from a newer version of ser (its schema has {unknown}, which this version does not know); "
                + $"use that version, or {Replacement}.");
    }

    private T InTransaction<T>(Func<JobContext, IDbContextTransaction> begin, Func<JobContext, T> work)
    {
        using var db = CreateContext();

        // A failed transaction is rolled back as a whole, so savepoints would only cost two statements each.
        db.Database.AutoSavepointsEnabled = false;
        using var transaction = begin(db);
        T result = work(db);
        transaction.Commit();
        return result;
    }
}

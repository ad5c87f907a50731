using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>A database that holds the job store. What each does in its own way is here; all else is the same code for all.</summary>
internal abstract class JobDatabase
{
    /// <summary>How often a transaction is begun that the database ends in favour of another.</summary>
    private const int Tries = 8;

    /// <summary>What messages call it: the file, or server and database. Never a password.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a transaction that writes keeps every other from beginning, so that looking first is worth it.</summary>
    public abstract bool OneWriter { get; }

    /// <summary>A context on it; touches nothing yet.</summary>
    public abstract JobContext Open();

    /// <summary>
    /// Rows that plans decide, sweeps and what they want, are changed by one transaction at a time: waits for the others. Comes before any row is locked.
    /// </summary>
    public abstract void LockPlans(JobContext db);

    /// <summary>From now to the end of the transaction nobody else changes these jobs. Always in one order, ancestors first, so that nobody waits in a circle.</summary>
    public abstract void Lock(JobContext db, IReadOnlyCollection<string> jobIds);

    /// <summary>The first of these rows of jobs that no other transaction holds, held as by <see cref="Lock"/>.</summary>
    public abstract IReadOnlyList<TJob> LockFirst<TJob>(IQueryable<TJob> jobs, int count);

    /// <summary>Inserts many rows, past the change tracker.</summary>
    public abstract void Insert<TRow>(JobContext db, IEnumerable<TRow> rows)
        where TRow : class;

    /// <summary>Has the database look at its tables after a change of many rows, so that it chooses indexes for what is there now.</summary>
    public abstract void Learn(JobContext db);

    /// <summary>Runs <paramref name="work"/> in one transaction; again, from its beginning, where the database ended it in favour of another.</summary>
    /// <exception cref="StorageException">The database cannot be read or written.</exception>
    public T Write<T>(Func<JobContext, T> work)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return Guarded(() => InTransaction(BeginWriting, work));
            }
            catch (Exception problem) when (tries < Tries && (problem is DbUpdateConcurrencyException || GaveWay(problem)))
            {
            }
        }
    }

    /// <summary>What <paramref name="read"/> sees of many rows belongs to one moment.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Read<T>(Func<JobContext, T> read) => Guarded(() => InTransaction(BeginReading, read));

    /// <summary>One question alone.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Ask<T>(Func<JobContext, T> question) => Guarded(() =>
    {
        using var db = Open();
        return question(db);
    });

    /// <summary>Runs <paramref name="work"/> and says clearly when the storage fails it.</summary>
    public T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (FailureOfStorage(problem) is { } message)
        {
            throw new StorageException(message, problem);
        }
    }

    /// <summary>Begins a transaction that writes.</summary>
    protected abstract IDbContextTransaction BeginWriting(JobContext db);

    /// <summary>Begins a transaction that sees one moment.</summary>
    protected abstract IDbContextTransaction BeginReading(JobContext db);

    /// <summary>What to say of a failure that is the storage's and not the statement's; null of any other.</summary>
    protected abstract string? FailureOfStorage(Exception problem);

    /// <summary>Whether the database ended this transaction in favour of another.</summary>
    protected abstract bool GaveWay(Exception problem);

    /// <summary>The newest applied migration that this version does not know, or null.</summary>
    protected static string? UnknownMigration(JobContext db) => db.Database.GetAppliedMigrations().Except(db.Database.GetMigrations()).LastOrDefault();

    private T InTransaction<T>(Func<JobContext, IDbContextTransaction> begin, Func<JobContext, T> work)
    {
        using var db = Open();
        db.Database.AutoSavepointsEnabled = false; // what fails is undone as a whole, and each would cost two statements
        using var transaction = begin(db);
        T result = work(db);
        transaction.Commit();
        return result;
    }
}

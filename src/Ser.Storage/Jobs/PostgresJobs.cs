using Npgsql;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Workers;

namespace Ser.Storage.Jobs;

/// <summary>The job store of a farm, on PostgreSQL.</summary>
/// <param name="Jobs">The verbs.</param>
/// <param name="Reads">What can be seen.</param>
/// <param name="Workers">Who works.</param>
public sealed record PostgresJobs(IJobStore Jobs, IJobReads Reads, IWorkerRegistry Workers)
{
    /// <summary>The store behind a connection string of Npgsql. Does not connect yet: see <see cref="Check"/>.</summary>
    /// <param name="connectionString">Names at least host and database.</param>
    /// <param name="leases">Times of leases; null: the usual.</param>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    public static PostgresJobs Open(string connectionString, LeaseSettings? leases = null)
    {
        var database = new PostgresDatabase(connectionString);
        return new PostgresJobs(new JobStore(database, leases ?? new LeaseSettings()), new JobReads(database), new PostgresWorkers(database, TimeProvider.System));
    }

    /// <summary>Creates the schema in an existing database, or brings it to this version's. Safe from several processes at once.</summary>
    /// <exception cref="InputException">The connection string is wrong, or the schema is of a newer version; nothing is changed.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static void Migrate(string connectionString) => new PostgresDatabase(connectionString).Migrate();

    /// <summary>Before a scheduler starts: creates the schema in an empty database, and refuses another one that is not this version's.</summary>
    /// <exception cref="InputException">The schema is older or newer, or the connection string is wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static void Prepare(string connectionString)
    {
        var database = new PostgresDatabase(connectionString);
        if (database.IsEmpty())
        {
            database.Migrate();
        }

        database.Check();
    }

    /// <summary>Lets a role of the server do what workers do, and nothing else with the job store.</summary>
    /// <param name="connectionString">Of the owner of the tables.</param>
    /// <param name="role">An existing role.</param>
    /// <exception cref="InputException">The name is no plain role name, or there is no such role.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static void GrantWorker(string connectionString, string role)
    {
        var database = new PostgresDatabase(connectionString);
        try
        {
            database.Write(db =>
            {
                WorkerRole.Grant(db, role);
                return 0;
            });
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            throw new InputException($"{database.Name} has no role {role}: make it first (CREATE ROLE {role} LOGIN PASSWORD …)", missing);
        }
    }

    /// <summary>Refuses a schema that is missing, older or newer, and says what to do. Changes nothing.</summary>
    /// <exception cref="InputException">It is, or the connection string is wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    public static void Check(string connectionString) => new PostgresDatabase(connectionString).Check();
}

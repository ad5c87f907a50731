using Npgsql;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Workers;

namespace Ser.Storage.Jobs;

/// <summary>The job store of a farm, on PostgreSQL.</summary>
/// <param name="Jobs">The ports of the job store.</param>
/// <param name="Reads">Read access.</param>
/// <param name="Workers">The registry of workers.</param>
public sealed record PostgresJobs(JobPorts Jobs, IJobReads Reads, IWorkerRegistry Workers)
{
    /// <summary>Opens the store for a connection string of Npgsql. Does not connect yet; see <see cref="RequireCurrentSchema"/>.</summary>
    /// <param name="connectionString">With at least host and database.</param>
    /// <param name="leases">Durations of leases; null: the defaults.</param>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    public static PostgresJobs Open(string connectionString, LeaseSettings? leases = null)
    {
        var database = new PostgresDatabase(connectionString);
        return new PostgresJobs(
            JobPorts.Create(database, leases),
            new JobReads(database),
            new PostgresWorkerRegistry(database, TimeProvider.System));
    }

    /// <summary>Creates the schema in an existing database, or migrates it to this version. Safe to call concurrently.</summary>
    /// <exception cref="InputException">The connection string is wrong, or the schema is newer; nothing is changed.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static void Migrate(string connectionString) => new PostgresDatabase(connectionString).Migrate();

    /// <summary>Prepares the database for a scheduler: creates the schema if there is none, and refuses that of another version.</summary>
    /// <exception cref="InputException">The schema is older or newer, or the connection string is wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static void Prepare(string connectionString)
    {
        var database = new PostgresDatabase(connectionString);
        if (database.IsEmpty())
        {
            database.Migrate();
        }

        database.RequireCurrentSchema();
    }

    /// <summary>Grants a database role the rights that workers need in the job store, and revokes all others.</summary>
    /// <param name="connectionString">Connection string of the owner of the tables.</param>
    /// <param name="role">An existing role.</param>
    /// <exception cref="InputException">The name is not a valid role name, or the role does not exist.</exception>
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
            string message = $"{database.Name} has no role {role}: create it first (CREATE ROLE {role} LOGIN PASSWORD …)";
            throw new InputException(message, missing);
        }
    }

    /// <summary>Refuses a schema that is missing, older or newer; the message says what to do. Changes nothing.</summary>
    /// <exception cref="InputException">The schema is missing, older or newer, or the connection string is wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    public static void RequireCurrentSchema(string connectionString) => new PostgresDatabase(connectionString).RequireCurrentSchema();
}

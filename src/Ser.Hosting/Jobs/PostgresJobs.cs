using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Databases;

namespace Ser.Hosting.Jobs;

/// <summary>The job store of a farm, on PostgreSQL.</summary>
/// <param name="Jobs">The verbs.</param>
/// <param name="Reads">What can be seen.</param>
public sealed record PostgresJobs(IJobStore Jobs, IJobReads Reads)
{
    /// <summary>The store behind a connection string of Npgsql. Does not connect yet: see <see cref="Check"/>.</summary>
    /// <param name="connectionString">Names at least host and database.</param>
    /// <param name="leases">Times of leases; null: the usual.</param>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    public static PostgresJobs Open(string connectionString, LeaseSettings? leases = null)
    {
        var database = new PostgresDatabase(connectionString);
        return new PostgresJobs(new JobStore(database, leases ?? new LeaseSettings()), new JobReads(database));
    }

    /// <summary>Creates the schema in an existing database, or brings it to this version's. Safe from several processes at once.</summary>
    /// <exception cref="InputException">The connection string is wrong, or the schema is of a newer version; nothing is changed.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static void Migrate(string connectionString) => new PostgresDatabase(connectionString).Migrate();

    /// <summary>Refuses a schema that is missing, older or newer, and says what to do. Changes nothing.</summary>
    /// <exception cref="InputException">It is, or the connection string is wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    public static void Check(string connectionString) => new PostgresDatabase(connectionString).Check();
}

using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// Rights of a database role for workers: read everything but the audit log, claim and renew jobs, write attempts and points of learning
/// curves, and send heartbeats. It cannot add or remove sweeps and jobs, accept a result, or change the definition of a job.
/// </summary>
internal static partial class WorkerRole
{
    private const string UpdatableColumns =
        """
        "State", "Attempt", "Worker", "LeaseUntil", "Step", "Epoch", "Epochs", "Loss", "StepsPerSecond",
        "Faults", "LostLeases", "Error", "Checkpoint", "Snoozes", "NotBefore", "FaultedOn", "FaultedAt", "Version"
        """;

    /// <summary>Grants an existing role these rights and revokes all others on the tables of the job store.</summary>
    /// <exception cref="InputException">The name is not a valid role name.</exception>
    public static void Grant(JobContext db, string role)
    {
        if (!PlainName().IsMatch(role))
        {
            throw new InputException($"the worker's database role is '{role}': it must consist of lower-case letters, digits and _");
        }

#pragma warning disable EF1002 // A role name cannot be a parameter; it has been validated above.
        db.Database.ExecuteSqlRaw(
            $$"""
            REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {{role}};
            GRANT USAGE ON SCHEMA public TO {{role}};
            GRANT SELECT ON "__EFMigrationsHistory", sweeps, jobs, sweep_jobs, parents, attempts, points, pulse, needs, workers TO {{role}};
            GRANT UPDATE ({{UpdatableColumns}}) ON jobs TO {{role}};
            GRANT INSERT, UPDATE ("Outcome", "Ended", "ManifestDigest", "Why", "Log") ON attempts TO {{role}};
            GRANT INSERT, DELETE ON points TO {{role}};
            GRANT UPDATE ON pulse TO {{role}};
            GRANT INSERT, UPDATE, DELETE ON workers TO {{role}};
            """);
#pragma warning restore EF1002
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex PlainName();
}

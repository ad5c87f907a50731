using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;

namespace Ser.Storage.Jobs.Databases;

/// <summary>
/// What a database role may do that only workers use: see everything but the audit, claim and renew, write attempts and points of curves, and say that it is here. It cannot add or remove sweeps and jobs, accept a result,
/// or change what a job is.
/// </summary>
internal static partial class WorkerRole
{
    private const string Changes =
        """
        "State", "Attempt", "Worker", "LeaseUntil", "Step", "Epoch", "Epochs", "Loss", "StepsPerSecond", "Faults", "Losses", "Error", "Checkpoint", "PutOffs", "NotBefore", "FaultedOn", "FaultedAt"
        """;

    /// <summary>Gives an existing role these rights and takes any others on the tables of the job store from it.</summary>
    /// <exception cref="InputException">The name is no plain role name.</exception>
    public static void Grant(JobContext db, string role)
    {
        if (!PlainName().IsMatch(role))
        {
            throw new InputException($"the worker's database role is '{role}': a name of lower-case letters, digits and _ is right");
        }

#pragma warning disable EF1002 // a name cannot be a parameter; it has just been looked at
        db.Database.ExecuteSqlRaw(
            $$"""
            REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {{role}};
            GRANT USAGE ON SCHEMA public TO {{role}};
            GRANT SELECT ON "__EFMigrationsHistory", sweeps, jobs, sweep_jobs, parents, attempts, points, pulse, needs, workers TO {{role}};
            GRANT UPDATE ({{Changes}}) ON jobs TO {{role}};
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

using Microsoft.EntityFrameworkCore;
using Npgsql;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Jobs;

/// <summary>The conformance suite on PostgreSQL, and the behaviour that only PostgreSQL has.</summary>
public sealed class PostgresJobStoreTests : JobStoreConformance, IDisposable
{
    private readonly TestDatabase _test = new();
    private readonly PostgresDatabase _database;

    public PostgresJobStoreTests()
    {
        _database = new PostgresDatabase(_test.ConnectionString);
        _database.Migrate();
    }

    public void Dispose()
    {
        _database.ClosePool();
        _test.Dispose();
    }

    protected override void SkipPauses() => _test.Run("UPDATE jobs SET \"NotBefore\" = NULL");

    protected override void StepClockBack(double seconds)
    {
        string step = FormattableString.Invariant($"{seconds}");
        _test.Run($"UPDATE jobs SET \"LeaseUntil\" = \"LeaseUntil\" + {step}, \"NotBefore\" = \"NotBefore\" + {step}");
        _test.Run($"UPDATE pulse SET \"At\" = \"At\" + {step}");
    }

    protected override void DamageSchedule(string name) => _test.Run($"UPDATE schedules SET \"Plan\" = '{{' WHERE \"Name\" = '{name}'");

    [Fact]
    public void A_password_is_in_no_message()
    {
        string[] strings =
        [
            "Host=127.0.0.1;Database=ser;Username=u;Password=s3cret;Port=1;Timeout=2",
            "Host=h;s3cret",
            "Password=s3cret",
            "Host=h;Port=s3cret",
        ];
        foreach (string wrong in strings)
        {
            var problem = Record.Exception(() => PostgresJobs.RequireCurrentSchema(wrong));
            Assert.True(problem is InputException or StorageException, $"{wrong}: {problem}");
            Assert.DoesNotContain("s3cret", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_server_that_is_not_there_is_a_failure_of_the_storage_and_named()
    {
        var away = PostgresJobs.Open("Host=127.0.0.1;Port=1;Database=ser;Username=u;Password=s3cret");

        Action[] verbs =
        [
            () => away.Jobs.Leases.Claim(new ClaimRequest("w", Plans.Stages)),
            away.Jobs.Supervision.RecordHeartbeat,
            () => away.Jobs.Sweeps.Submit(Plans.Sweep("one", "A")),
            () => away.Jobs.Acceptance.CompletedResults(),
            () => away.Reads.Sweeps(),
            () => away.Jobs.Leases.Renew(new Lease("a", 1, "w"), null, []),
        ];
        foreach (var verb in verbs)
        {
            Assert.Contains("database ser on 127.0.0.1:1", Assert.Throws<StorageException>(verb).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Connections_that_the_server_ends_are_a_failure_of_the_storage_and_the_next_call_goes_on()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var lease = Assert.Single(store.Leases.Claim(new ClaimRequest("w", Plans.Stages), 1)).Lease;
        _test.EndConnections();

        Assert.Throws<StorageException>(() => store.Leases.Renew(lease, null, []));
        Assert.True(store.Leases.Renew(lease, null, []));
    }

    [Fact]
    public void A_missing_older_or_newer_schema_is_refused_with_a_remedy()
    {
        using var other = new TestDatabase();
        var empty = Assert.Throws<InputException>(() => PostgresJobs.RequireCurrentSchema(other.ConnectionString));
        Assert.Contains("start `ser scheduler`", empty.Message, StringComparison.Ordinal);
        PostgresJobs.Migrate(other.ConnectionString);
        PostgresJobs.Migrate(other.ConnectionString);
        PostgresJobs.RequireCurrentSchema(other.ConnectionString);

        other.Run("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '30.0')""");
        var newer = Assert.Throws<InputException>(() => PostgresJobs.RequireCurrentSchema(other.ConnectionString));
        Assert.Contains("29990101000000_Later", newer.Message, StringComparison.Ordinal);
        var migration = Assert.Throws<InputException>(() => PostgresJobs.Migrate(other.ConnectionString));
        Assert.Contains("newer version", migration.Message, StringComparison.Ordinal);

        other.Run("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '2999%'""");
        other.Run("""UPDATE "__EFMigrationsHistory" SET "MigrationId" = '20261129030000_Terms'""");
        Action[] uses =
        [
            () => PostgresJobs.RequireCurrentSchema(other.ConnectionString),
            () => PostgresJobs.Migrate(other.ConnectionString),
        ];
        foreach (var use in uses)
        {
            var older = Assert.Throws<InputException>(use);
            Assert.Contains("earlier version", older.Message, StringComparison.Ordinal);
            Assert.Contains("`ser export SWEEP`", older.Message, StringComparison.Ordinal);
            Assert.Contains("into another database with `ser import FILE`", older.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_workers_role_does_what_workers_do_and_nothing_else()
    {
        string role = $"worker_{Environment.ProcessId}";
        var missing = Assert.Throws<InputException>(() => PostgresJobs.GrantWorker(_test.ConnectionString, role));
        Assert.Contains("CREATE ROLE", missing.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => PostgresJobs.GrantWorker(_test.ConnectionString, "x; DROP TABLE jobs"));
        _test.Run($"CREATE ROLE {role} LOGIN PASSWORD 'test'");
        try
        {
            PostgresJobs.GrantWorker(_test.ConnectionString, role);
            var limited = new NpgsqlConnectionStringBuilder(_test.ConnectionString) { Username = role, Password = "test", Pooling = false };
            PostgresJobs.RequireCurrentSchema(limited.ToString());
            var worker = PostgresJobs.Open(limited.ToString());
            Store().Sweeps.Submit(Plans.Sweep("one", "A", "B", "C", "D"));

            var info = new Domain.Workers.WorkerInfo { Name = "w", Instance = "i", Host = "h", Device = "cpu", Slots = 1 };
            Assert.True(worker.Workers.Register(info));
            worker.Workers.Heartbeat("w", "i", []);
            worker.Jobs.Supervision.RecordHeartbeat();
            var request = new ClaimRequest("w/1", Plans.Stages) { Capabilities = new WorkerCapabilities("cpu", 1, []) };
            var jobs = worker.Jobs.Leases.Claim(request, 4);
            Assert.True(worker.Jobs.Leases.Renew(jobs[0].Lease, new StageProgress(1, 1, 2), [Point(1, 0.5)]));
            Assert.True(worker.Jobs.Leases.Renew(jobs[0].Lease, new StageProgress(1, 1, 2), [Point(1, 0.6)]));
            worker.Jobs.Leases.RecordLog(jobs[0].Lease, "line");
            Assert.True(worker.Jobs.Leases.RecordCheckpoint(jobs[0].Lease, "key"));
            Assert.Equal("key", worker.Jobs.Leases.LatestCheckpoint(jobs[0].Lease.JobId));
            worker.Jobs.Leases.Complete(jobs[0].Lease, "digest");
            Assert.True(worker.Jobs.Leases.Fault(jobs[1].Lease, "broken", "line"));
            Assert.True(worker.Jobs.Leases.Snooze(jobs[2].Lease, "full", "line"));
            Assert.True(worker.Jobs.Leases.Release(jobs[3].Lease, "stop", "line"));
            Assert.NotEmpty(worker.Workers.All());
            worker.Workers.Unregister("w", "i");

            Action[] forbidden =
            [
                () => worker.Jobs.Sweeps.Submit(Plans.Sweep("two", "E")),
                () => worker.Jobs.Sweeps.CancelSweep("one"),
                () => worker.Jobs.Acceptance.Accept(Store().Acceptance.CompletedResults().Single()),
                () => worker.Jobs.Schedules.Schedule(new SweepSchedule("x", "* * * * *", "UTC", Plans.Sweep("x", "A"))),
                () => worker.Jobs.Audit.RecordAudit(new AuditEntry(DateTimeOffset.UnixEpoch, "w", null, "what", 200, null, null)),
                () => worker.Reads.SearchAudit(null, 0, 1),
            ];
            foreach (var verb in forbidden)
            {
                var refused = Assert.Throws<StorageException>(verb);
                Assert.Contains($"denies this operation to {role}", refused.Message, StringComparison.Ordinal);
            }

            string[] statements =
            [
                "UPDATE jobs SET \"Spec\" = '{}'",
                "UPDATE jobs SET \"ManifestDigest\" = 'x'",
                "UPDATE jobs SET \"State\" = 'Done'",
                "DELETE FROM jobs",
                "DELETE FROM attempts",
                "UPDATE sweeps SET \"Withdrawn\" = true",
                "DROP TABLE jobs",
            ];
            Assert.All(statements, sql => Assert.Throws<PostgresException>(() => OnConnection(limited.ToString(), sql)));
            var accepted = Store().Acceptance.Accept(Store().Acceptance.CompletedResults()).Single();
            Assert.Equal(JobState.Done, Reads().Job(accepted.JobId).State);
        }
        finally
        {
            _test.Run($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    private static void OnConnection(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    [Fact]
    public void Of_schedulers_that_start_together_one_makes_the_schema()
    {
        using var other = new TestDatabase();
        Concurrently.Run(4, _ => PostgresJobs.Migrate(other.ConnectionString));

        PostgresJobs.RequireCurrentSchema(other.ConnectionString);
    }

    [Fact]
    public void Transactions_that_wait_for_each_other_both_come_through()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        string[] jobs = [Plans.Id("Train", "A"), Plans.Id("Train", "B")];
        using var both = new Barrier(2);
        int begun = 0;
        Concurrently.Run(2, thread => _database.Write(db =>
        {
            _database.LockJobs(db, [jobs[thread]]);
            if (Interlocked.Increment(ref begun) <= 2)
            {
                both.SignalAndWait();
            }

            _database.LockJobs(db, [jobs[1 - thread]]);
            return 0;
        }));

        Assert.InRange(begun, 3, 16); // the victim of the deadlock begins again, and may have to more than once
    }

    [Fact]
    public void A_claim_passes_over_a_job_that_another_transaction_holds()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        string title = _database.Write(db =>
        {
            _database.LockJobs(db, [Plans.Id("Train", "A")]);
            return store.Leases.Claim(new ClaimRequest("w", ["Train"]))!.Title;
        });

        Assert.Equal("Train B", title);
    }

    [Fact]
    public void A_process_that_stands_still_within_a_transaction_loses_it_and_what_it_held()
    {
        const string Timeout = "SELECT current_setting('idle_in_transaction_session_timeout') AS \"Value\"";
        Assert.Equal("10s", _database.Query(db => db.Database.SqlQueryRaw<string>(Timeout).Single()));

        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var held = store.Leases.Claim(new ClaimRequest("w/1", Plans.Stages))!;
        var impatient = new NpgsqlConnectionStringBuilder(_test.ConnectionString)
        {
            Options = "-c idle_in_transaction_session_timeout=100ms",
            Pooling = false,
        };
        var still = new PostgresDatabase(impatient.ToString());
        var lost = Assert.Throws<StorageException>(() => still.Write(db =>
        {
            still.LockJobs(db, [held.Lease.JobId]);
            Assert.True(store.Leases.Renew(held.Lease, null, [])); // waits until the server has ended the other transaction
            return db.Jobs.Count();
        }));
        Assert.Contains("cannot be", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_does_not_exist_is_named()
    {
        var missing = new NpgsqlConnectionStringBuilder(_test.ConnectionString) { Database = "not_there" };

        var error = Assert.Throws<StorageException>(() => PostgresJobs.RequireCurrentSchema(missing.ToString()));
        Assert.Contains("not_there", error.Message, StringComparison.Ordinal);
    }

    protected override JobPorts Store(LeaseSettings? leases = null) => PostgresJobs.Open(_test.ConnectionString, leases).Jobs;

    protected override IJobReads Reads() => PostgresJobs.Open(_test.ConnectionString).Reads;
}

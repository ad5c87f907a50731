using Ser.TestSupport;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Tests.Jobs;

/// <summary>The conformance suite on SQLite.</summary>
public sealed class SqliteJobStoreTests : JobStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteJobStoreTests()
    {
        _database = new SqliteDatabase(File);
        _database.Migrate();
    }

    private string File => _folder.At("ser.db");

    public void Dispose()
    {
        _database.ClosePool();
        _folder.Dispose();
    }

    protected override void SkipPauses() =>
        _database.Query(db => db.Jobs.ExecuteUpdate(change => change.SetProperty(job => job.NotBefore, (double?)null)));

    [Fact]
    public void The_file_is_in_wal_mode_so_readers_and_the_runner_do_not_wait_for_each_other()
    {
        Store().Sweeps.Submit(Plans.Sweep("one", "A"));

        Assert.True(System.IO.File.Exists(File + "-wal"));
    }

    [Fact]
    public void A_full_database_is_a_failure_of_the_storage_not_of_the_job()
    {
        var full = new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13);

        var problem = Assert.Throws<StorageException>(() => _database.TranslateErrors<int>(() => throw full));
        Assert.Contains("full", problem.Message, StringComparison.Ordinal);
        Assert.Contains(File, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_first_version_keeps_its_jobs_and_their_order()
    {
        var older = new SqliteDatabase(_folder.At("older.db"));
        using (var db = older.CreateContext())
        {
            db.Database.Migrate("20261124004418_Jobs");
            string insert = "INSERT INTO jobs (Id, Stage, Title, Spec, Depth, State, Attempt, Faults, Losses, Step, Epoch, Epochs) VALUES";
            foreach (string sql in (string[])[
                "INSERT INTO sweeps (Id, Name, Definition, Wanted) VALUES (1, 'gone', '', 0), (2, 'one', '', 1), (3, 'two', '', 1)",
                $"{insert} ('a', 'Train', 'Train a', '{{}}', 0, 'Ready', 0, 0, 0, 0, 0, 0),"
                    + " ('b', 'Train', 'Train b', '{}', 0, 'Ready', 0, 0, 0, 0, 0, 0)",
                "INSERT INTO sweep_jobs (SweepId, JobId, Position, Arm, Fold) VALUES"
                    + " (1, 'a', 0, 'arm', 1), (2, 'b', 0, 'arm', 1), (3, 'b', 0, 'arm', 1), (3, 'a', 1, 'arm', 1)",
                "INSERT INTO pulse (Id, At) VALUES (1, 5)"])
            {
                using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = sql;
                db.Database.OpenConnection();
                command.ExecuteNonQuery();
            }
        }

        older.Migrate();
        var store = JobPorts.Create(older);
        Assert.Equal(["Train b", "Train a"], store.Leases.Claim(new ClaimRequest("w", ["Train"]), 2).Select(job => job.Title));
        older.ClosePool();
    }

    protected override JobPorts Store(LeaseSettings? leases = null) =>
        JobPorts.Create(new SqliteDatabase(File), leases);

    protected override IJobReads Reads() => new JobReads(new SqliteDatabase(File));
}

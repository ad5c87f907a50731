using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.TestSupport;

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

    protected override void StepClockBack(double seconds) => _database.Query(db =>
        db.Jobs.ExecuteUpdate(change => change
            .SetProperty(job => job.LeaseUntil, job => job.LeaseUntil + seconds)
            .SetProperty(job => job.NotBefore, job => job.NotBefore + seconds))
        + db.Pulses.ExecuteUpdate(change => change.SetProperty(pulse => pulse.At, pulse => pulse.At + seconds)));

    protected override void DamageSchedule(string name) => _database.Query(db =>
        db.Schedules.Where(row => row.Name == name).ExecuteUpdate(change => change.SetProperty(row => row.Plan, "{")));

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

    protected override JobPorts Store(LeaseSettings? leases = null) =>
        JobPorts.Create(new SqliteDatabase(File), leases);

    protected override IJobReads Reads() => new JobReads(new SqliteDatabase(File));
}

using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.At("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_runner_is_refused_with_the_name_of_the_first_and_reading_is_allowed()
    {
        using var runner = DataFolder.OpenAsRunner(Data, "ser run lambda.yaml");
        runner.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));

        string refusal = Assert.Throws<InputException>(() => DataFolder.OpenAsRunner(Data, "ser demo")).Message;
        Assert.Contains("ser run lambda.yaml", refusal, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refusal, StringComparison.Ordinal);
        using var reader = DataFolder.OpenForReading(Data);
        Assert.Equal("one", reader.Reads.Sweeps().Single().Name);
        Assert.False(reader.IsRunner);
        Assert.True(reader.HasRunner);
        runner.Dispose();
        Assert.False(reader.HasRunner);
    }

    [Fact]
    public void The_lock_goes_with_its_holder()
    {
        DataFolder.OpenAsRunner(Data, "first").Dispose();

        using var second = DataFolder.OpenAsRunner(Data, "second");
        Assert.True(second.IsRunner);
    }

    [Fact]
    public void A_folder_that_is_not_a_data_folder_cannot_be_read_and_is_not_changed()
    {
        Assert.Contains(Data, Assert.Throws<InputException>(() => DataFolder.OpenForReading(Data)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => DataFolder.Cancel(Data, "one"));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public void A_folder_from_a_newer_version_is_refused_and_not_changed()
    {
        DataFolder.OpenAsRunner(Data, "now").Dispose();
        using (var db = new SqliteDatabase(Path.Combine(Data, "ser.db")).CreateContext())
        {
            db.Database.ExecuteSql($"INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '30.0')");
        }

        string holder = File.ReadAllText(Path.Combine(Data, "runner.json"));
        var reading = Assert.Throws<InputException>(() => DataFolder.OpenForReading(Data));
        Assert.Contains("newer version", reading.Message, StringComparison.Ordinal);
        var running = Assert.Throws<InputException>(() => DataFolder.OpenAsRunner(Data, "now"));
        Assert.Contains("29990101000000_Later", running.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => DataFolder.OpenAsRunner(Data, "later"));
        Assert.Equal(holder, File.ReadAllText(Path.Combine(Data, "runner.json")));
    }

    [Fact]
    public void A_folder_from_before_the_initial_migration_is_refused_with_a_remedy_and_not_changed()
    {
        Directory.CreateDirectory(Data);
        string file = Path.Combine(Data, "ser.db");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Data", "earlier", "ser.db"), file);
        byte[] before = File.ReadAllBytes(file);

        Action[] uses =
        [
            () => DataFolder.OpenForReading(Data),
            () => DataFolder.OpenAsRunner(Data, "now"),
            () => DataFolder.Cancel(Data, "one"),
        ];
        foreach (var use in uses)
        {
            var refused = Assert.Throws<InputException>(use);
            Assert.Contains("earlier version of ser", refused.Message, StringComparison.Ordinal);
            Assert.Contains("`ser export SWEEP`", refused.Message, StringComparison.Ordinal);
            Assert.Contains("into another data folder with `ser import FILE`", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.False(File.Exists(Path.Combine(Data, "runner.json")));
    }

    [Fact]
    public void A_runner_that_was_killed_during_a_migration_blocks_no_later_one()
    {
        Directory.CreateDirectory(Data);
        using (var db = new SqliteDatabase(Path.Combine(Data, "ser.db")).CreateContext())
        {
            // What EF Core leaves behind between taking its lock and the first migration.
            db.Database.ExecuteSql($"""
                CREATE TABLE __EFMigrationsLock (
                    Id INTEGER NOT NULL CONSTRAINT PK___EFMigrationsLock PRIMARY KEY,
                    Timestamp TEXT NOT NULL)
                """);
            db.Database.ExecuteSql($"INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01 00:00:00')");
        }

        using var runner = DataFolder.OpenAsRunner(Data, "next");
        Assert.Equal(3, runner.Jobs.Sweeps.Submit(Plans.Sweep("one", "A")).Planned);
    }

    [Fact]
    public void A_retry_replaces_a_damaged_result_and_keeps_an_intact_one()
    {
        string id = Plans.Id("Train", "A");
        string file;
        using (var runner = DataFolder.OpenAsRunner(Data, "first"))
        {
            runner.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));
            var job = runner.Jobs.Leases.Claim(new ClaimRequest("w", Plans.Stages))!;
            string output = Directory.CreateDirectory(Path.Combine(runner.Work, "output")).FullName;
            File.WriteAllText(Path.Combine(output, "result.txt"), "weights");
            string digest = runner.Artifacts.Publish(job.Stage, job.Lease, output, new Dictionary<string, string>());
            runner.Jobs.Leases.Complete(job.Lease, digest);
            Assert.True(runner.Jobs.Acceptance.Accept(runner.Jobs.Acceptance.CompletedResults().Single()));
            file = Path.Combine(runner.Artifacts.Open(runner.Reads.Job(id).Result!), "result.txt");
        }

        var error = Assert.Throws<InputException>(() => DataFolder.Retry(Data, id));
        Assert.Contains("nothing to retry", error.Message, StringComparison.Ordinal);
        File.WriteAllText(file, "weightz");
        Assert.Equal(1, DataFolder.Retry(Data, id));
        using var reader = DataFolder.OpenForReading(Data);
        Assert.Equal(JobState.Ready, reader.Reads.Job(id).State);
    }

    [Fact]
    public void A_data_folder_that_cannot_be_made_is_wrong_input()
    {
        File.WriteAllText(Data, "a file");
        var error = Assert.Throws<InputException>(() => DataFolder.OpenAsRunner(Data, "now"));
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_reported_as_damaged()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "ser.db"), new string('x', 5000));

        var error = Assert.Throws<StorageException>(() => DataFolder.OpenAsRunner(Data, "now"));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_crash_the_next_runner_resumes_from_the_recorded_checkpoint()
    {
        Lease lease;
        string recorded = ArtifactKeys.Checkpoint(Plans.Id("Train", "A"), 1, 1);
        string unrecorded = ArtifactKeys.Checkpoint(Plans.Id("Train", "A"), 1, 2);
        using (var crashed = DataFolder.OpenAsRunner(Data, "first"))
        {
            crashed.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));
            lease = crashed.Jobs.Leases.Claim(new ClaimRequest("first", Plans.Stages))!.Lease;
            crashed.Artifacts.PutCheckpoint(recorded, path => File.WriteAllText(path, "epoch 1"));
            Assert.True(crashed.Jobs.Leases.RecordCheckpoint(lease, recorded));
            crashed.Artifacts.PutCheckpoint(unrecorded, path => File.WriteAllText(path, "epoch 2"));
            Directory.CreateDirectory(Path.Combine(crashed.Work, "half a result"));
        }

        using var next = DataFolder.OpenAsRunner(Data, "second");
        Assert.False(Directory.Exists(next.Work));
        var again = next.Jobs.Leases.Claim(new ClaimRequest("second", Plans.Stages))!.Lease;
        Assert.Equal((lease.JobId, 2), (again.JobId, again.Attempt));
        Assert.Equal(recorded, next.Jobs.Leases.LatestCheckpoint(again.JobId));
        Assert.Equal("epoch 1", File.ReadAllText(next.Artifacts.OpenCheckpoint(recorded)!));
        Assert.Null(next.Artifacts.OpenCheckpoint(unrecorded));
        Assert.False(next.Jobs.Leases.RecordCheckpoint(lease, unrecorded));
    }

    [Fact]
    public void Cancelling_acts_at_once_without_a_runner_and_is_a_request_to_a_running_one()
    {
        using (var runner = DataFolder.OpenAsRunner(Data, "first"))
        {
            runner.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));
            Assert.Null(DataFolder.Cancel(Data, "one"));
            Assert.Equal([new RunnerRequest(RequestKind.CancelSweep, "one")], runner.Jobs.Requests.TakeRequests());
            Assert.Equal(SweepState.Unfinished, runner.Reads.Sweep("one").State);
        }

        Assert.Equal(3, DataFolder.Cancel(Data, "one"));
        Assert.Equal(1, DataFolder.Retry(Data, Plans.Id("Train", "A")[..12]));
        Assert.Throws<InputException>(() => DataFolder.Cancel(Data, "two"));
    }

    [Fact]
    public void A_request_left_for_a_runner_that_ended_does_not_stop_the_next_run()
    {
        using (var runner = DataFolder.OpenAsRunner(Data, "first"))
        {
            runner.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));
            DataFolder.Cancel(Data, "one");
        }

        using var next = DataFolder.OpenAsRunner(Data, "second");
        Assert.Equal(SweepState.Cancelled, next.Reads.Sweep("one").State);
        Assert.Equal(3, next.Jobs.Sweeps.Submit(Plans.Sweep("one", "A")).Revived);
        Assert.Empty(next.Jobs.Requests.TakeRequests());
    }
}

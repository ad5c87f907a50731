using Microsoft.Extensions.Logging.Abstractions;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Scheduler.Recurring;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Recurring;

/// <summary>Upkeep deletes what is left behind, and nothing else.</summary>
public sealed class UpkeepTests : IDisposable
{
    private static readonly Dictionary<string, string> Facts = [];
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;

    public UpkeepTests() => _data = DataFolder.OpenAsRunner(_folder.At("data"), "test");

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Only_what_ended_long_ago_and_was_not_accepted_is_removed()
    {
        const string Stage = "FineTune";
        SweepJob[] jobs = [.. Enumerable.Range(1, 3).Select(fold => new SweepJob(Plans.Job(Stage, $"{fold}"), "arm", fold))];
        _data.Jobs.Sweeps.Submit(new SweepPlan("sweep", "{}", jobs));
        var lost = Claim();
        Publish(lost);
        _data.Jobs.Supervision.ExpireLeases("as if it had died");
        var again = Claim();
        Assert.Equal(lost.JobId, again.JobId);
        Keep(again);
        _data.Jobs.Leases.Complete(again, Publish(again));
        Assert.True(_data.Jobs.Acceptance.Accept(_data.Jobs.Acceptance.CompletedResults().Single()));
        var running = Claim();
        Keep(running);
        Publish(running);
        Publish(new Lease("0123456789abcdef0123456789abcdef", 1, "another farm's"));

        Assert.Equal((lost.JobId, ""), Run(dry: false, TimeSpan.FromDays(1)));
        Assert.Equal(("", "1"), Run(dry: true, TimeSpan.FromTicks(1)));
        Assert.Equal(4, _data.Artifacts.Attempts(Stage).Count);
        Assert.Equal(("", "1"), Run(dry: false, TimeSpan.FromTicks(1)));
        string[] order = [lost.JobId, running.JobId, "0123456789abcdef0123456789abcdef"];
        var attempts = _data.Artifacts.Attempts(Stage)
            .Select(attempt => (attempt.JobId, attempt.Attempt))
            .OrderBy(attempt => Array.IndexOf(order, attempt.JobId));
        Assert.Equal([(order[0], 2), (order[1], 1), (order[2], 1)], attempts);
        Assert.Equal([running.JobId], _data.Artifacts.JobsWithCheckpoints());
        Assert.NotNull(_data.Artifacts.Open(_data.Reads.Results([lost.JobId])[lost.JobId]));
    }

    [Fact]
    public void Files_that_cannot_be_deleted_are_left_and_keep_no_others()
    {
        SweepJob[] jobs = [.. Enumerable.Range(1, 2).Select(fold => new SweepJob(Plans.Job("FineTune", $"{fold}"), "arm", fold))];
        _data.Jobs.Sweeps.Submit(new SweepPlan("sweep", "{}", jobs));
        Lease[] lost = [Claim(), Claim()];
        lost.ToList().ForEach(lease => Publish(lease));
        _data.Jobs.Supervision.ExpireLeases("as if it had died");

        var artifacts = new UndeletableFiles(_data.Artifacts, lost[0].JobId);
        var retention = new RetentionSettings(TimeSpan.FromTicks(1));
        var log = NullLogger<Upkeep>.Instance;
        var report = new Upkeep(_data.Jobs.Leases, _data.Reads, artifacts, retention, TimeProvider.System, log).Run(dry: false);
        Assert.Equal([lost[1].JobId], report.Attempts.Select(attempt => attempt.JobId));
        Assert.Equal([lost[0].JobId], _data.Artifacts.Attempts("FineTune").Select(attempt => attempt.JobId));
    }

    private (string Checkpoints, string Attempts) Run(bool dry, TimeSpan age)
    {
        var retention = new RetentionSettings(age);
        var log = NullLogger<Upkeep>.Instance;
        var report = new Upkeep(_data.Jobs.Leases, _data.Reads, _data.Artifacts, retention, TimeProvider.System, log).Run(dry);
        return (string.Join(' ', report.Checkpoints), string.Join(' ', report.Attempts.Select(attempt => attempt.Attempt)));
    }

    private Lease Claim() => _data.Jobs.Leases.Claim(new ClaimRequest("w", ["FineTune"]))!.Lease;

    private void Keep(Lease lease)
    {
        string key = ArtifactKeys.Checkpoint(lease.JobId, lease.Attempt, 1);
        _data.Artifacts.PutCheckpoint(key, path => File.WriteAllText(path, "half way"));
        _data.Jobs.Leases.RecordCheckpoint(lease, key);
    }

    private string Publish(Lease lease)
    {
        string folder = _folder.At($"result {lease.JobId} {lease.Attempt}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "model.txt"), "hello");
        return _data.Artifacts.Publish("FineTune", lease, folder, Facts);
    }
}

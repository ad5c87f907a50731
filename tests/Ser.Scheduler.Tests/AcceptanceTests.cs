using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests;

/// <summary>One result that cannot be verified does not keep others from being accepted, and its job runs again in the end.</summary>
public sealed class AcceptanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly SchedulerTimings _timings = new();
    private readonly DataFolder _data;
    private readonly FailureIsolation _isolation;
    private readonly HashSet<string> _failing = [];

    public AcceptanceTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _isolation = new FailureIsolation(_data.Jobs.Audit, _timings, _clock, NullLogger<FailureIsolation>.Instance);
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", "A", "B"));
    }

    private Acceptance Acceptance => new(
        _data.Jobs.Acceptance,
        Outage<IArtifactStore>.Wrap(_data.Artifacts, _failing.Contains),
        _isolation,
        _timings,
        _clock,
        NullLogger<Acceptance>.Instance);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("no manifest", "{}")]
    [InlineData("no files", """{"jobId":"x","stage":"Train","attempt":1,"environment":{}}""")]
    [InlineData("null file", """{"jobId":"x","stage":"Train","attempt":1,"files":[null],"environment":{}}""")]
    [InlineData("no JSON", "<html>")]
    [InlineData("null", "null")]
    public void What_is_no_manifest_is_rejected_in_the_end_and_others_are_accepted(string name, string manifest)
    {
        var broken = Claim();
        byte[] bytes = Encoding.UTF8.GetBytes(manifest);
        string folder = Path.Combine(_data.Folder, "artifacts", ArtifactKeys.Attempt(OneJob.Stage, broken.JobId, broken.Attempt));
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, ArtifactKeys.ManifestName), bytes);
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        Assert.True(_data.Jobs.Leases.Complete(broken, digest), name);
        var sound = Claim();
        Complete(sound);

        var acceptance = Acceptance;
        Assert.Equal(1, acceptance.RunOnce());
        Assert.Equal(JobState.Done, _data.Reads.Job(sound.JobId).State);
        Assert.Contains("is not a manifest", Assert.Single(_isolation.Failing).Why, StringComparison.Ordinal);
        RunUntilLimit(acceptance);
        var job = _data.Reads.Job(broken.JobId);
        Assert.Equal((JobState.Ready, 0), (job.State, job.Faults));
        Assert.Contains("is not a manifest", job.Error, StringComparison.Ordinal);
        Assert.Empty(_isolation.Failing);
    }

    [Fact]
    public void A_result_that_cannot_be_read_is_tried_for_some_minutes_while_the_store_answers()
    {
        var job = Claim();
        Complete(job);
        _failing.Add(nameof(IArtifactStore.Verify));
        var acceptance = Acceptance;
        Assert.Equal(0, acceptance.RunOnce());
        Assert.Single(_isolation.Failing);
        Assert.Single(_data.Jobs.Acceptance.CompletedResults());

        _failing.Clear();
        _clock.Advance(_timings.FailureFirstDelay);
        Assert.Equal(1, acceptance.RunOnce());
        Assert.Empty(_isolation.Failing);
    }

    [Fact]
    public void An_outage_of_the_whole_store_rejects_nothing()
    {
        var job = Claim();
        Complete(job);
        _failing.UnionWith([nameof(IArtifactStore.Verify), nameof(IArtifactStore.Get)]);
        var acceptance = Acceptance;
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<StorageException>(() => acceptance.RunOnce());
            _clock.Advance(_timings.UnreadableResultLimit);
        }

        _failing.Clear();
        Assert.Equal(1, acceptance.RunOnce());
    }

    private void RunUntilLimit(Acceptance acceptance)
    {
        for (var elapsed = TimeSpan.Zero; elapsed <= _timings.UnreadableResultLimit; elapsed += _timings.FailureMaxDelay)
        {
            _clock.Advance(_timings.FailureMaxDelay);
            acceptance.RunOnce();
        }
    }

    private Lease Claim() => _data.Jobs.Leases.Claim(new ClaimRequest("w/1", [OneJob.Stage]))!.Lease;

    private void Complete(Lease lease)
    {
        string output = Directory.CreateDirectory(_folder.At("output", lease.JobId)).FullName;
        File.WriteAllText(Path.Combine(output, "numbers"), "1 2 3");
        string digest = _data.Artifacts.Publish(OneJob.Stage, lease, output, new Dictionary<string, string>());
        Assert.True(_data.Jobs.Leases.Complete(lease, digest));
    }
}

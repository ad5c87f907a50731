using Microsoft.Extensions.Time.Testing;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>Single renewals, without the thread that repeats them.</summary>
public sealed class LeaseRenewalTests : IDisposable
{
    private static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(600);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly DataFolder _data;
    private readonly Lease _lease;
    private readonly JobLog _log;
    private readonly LeaseRenewal _renewal;
    private bool _isDown;
    private int _stalls;

    public LeaseRenewalTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", "A"));
        _lease = _data.Jobs.Leases.Claim(new ClaimRequest("w/1", [OneJob.Stage]))!.Lease;
        _log = new JobLog(_clock);
        var jobs = Outage<IJobLeases>.Wrap(_data.Jobs.Leases, _ => _isDown);
        var watch = new StallWatch(StallAfter, _clock);
        _renewal = new LeaseRenewal(jobs, _lease, _log, watch, TimeSpan.FromSeconds(1), () => _stalls++);
    }

    public void Dispose()
    {
        _renewal.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Progress_and_log_are_sent_with_a_renewal()
    {
        Report(epoch: 1);
        Assert.True(_renewal.RunOnce());
        Assert.Single(_data.Reads.LearningCurve(_lease.JobId));
        Assert.Contains("epoch 1", _data.Reads.Attempts(_lease.JobId).Single().Log, StringComparison.Ordinal);
        Assert.False(_renewal.Lost.IsCancellationRequested);
    }

    [Fact]
    public void A_lease_that_is_gone_is_reported_as_lost()
    {
        _data.Jobs.Sweeps.CancelSweep("sweep");
        _renewal.RunOnce();
        Assert.True(_renewal.Lost.IsCancellationRequested);
    }

    [Fact]
    public void An_outage_loses_neither_the_lease_nor_progress_and_is_logged_once()
    {
        _isDown = true;
        Report(epoch: 1);
        _renewal.RunOnce();
        Report(epoch: 2);
        _renewal.RunOnce();
        Assert.False(_renewal.Lost.IsCancellationRequested);
        _isDown = false;
        _renewal.RunOnce();
        _renewal.RunOnce();
        Assert.Equal(2, _data.Reads.LearningCurve(_lease.JobId).Count);
        string log = _log.ToString();
        Assert.Equal(2, log.Split("the job store is unavailable").Length);
        Assert.Contains("the job store is available again", log, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attempt_without_steps_has_stalled_but_not_by_the_time_of_an_outage()
    {
        _isDown = true;
        _clock.Advance(StallAfter);
        Assert.True(_renewal.RunOnce());
        _isDown = false;
        Assert.True(_renewal.RunOnce());
        _clock.Advance(StallAfter);
        Assert.False(_renewal.RunOnce());
        Assert.Equal(1, _stalls);
    }

    private void Report(int epoch) => _renewal.Report(
        new StageProgress(epoch, epoch, 9, 0.5, 10, new EpochPoint(epoch, 0.5, 0.5, 0, 0.6, 0.7, 0.8, 1e-4, 1)));
}

using Microsoft.Extensions.Time.Testing;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Storage.Data;
using Ser.Storage.Outages;
using Ser.Storage.Workers;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>How an attempt ends, for every way in which its stage may end.</summary>
public sealed class JobRunnerTests : IDisposable
{
    private const double StallAfter = 600;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly DataFolder _data;
    private readonly ClaimedJob _job;
    private readonly WorkerState _state;
    private readonly WorkerSettings _settings;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _failuresLeft = new();

    public JobRunnerTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", new JobHints { StallAfter = StallAfter }, "A"));
        _job = _data.Jobs.Leases.Claim(new ClaimRequest("w/1", [OneJob.Stage]))!;
        _settings = new WorkerSettings("w", 1, _data.Work, new SharedCache(_data.Cache), Facts: new Dictionary<string, string>())
        {
            // The renewal thread waits for real, so that it has to be quick here.
            Timings = new WorkerTimings { RenewalInterval = TimeSpan.FromMilliseconds(1) },
        };
        _state = new WorkerState(_settings, _clock);
    }

    public void Dispose()
    {
        _state.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_stage_that_returns_is_completed()
    {
        Assert.Equal(RunOutcome.Completed, Run(new EndProcess(), (_, _) => { }));
        Assert.Single(_data.Jobs.Acceptance.CompletedResults());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_data.Work));
    }

    [Fact]
    public void An_exception_is_a_fault_with_its_first_line()
    {
        Assert.Equal(RunOutcome.Faulted, Run(new EndProcess(), (_, _) => throw new InvalidOperationException("first\nsecond")));
        Assert.Equal((AttemptOutcome.Faulted, "first"), LastAttempt());
    }

    [Fact]
    public void A_storage_failure_releases_the_job_where_the_process_ends_and_snoozes_it_where_it_goes_on()
    {
        void Fail(StageContext context, CancellationToken stop) => throw new StorageException("disk full");
        Assert.Throws<StorageException>(() => Run(new EndProcess(), Fail));
        Assert.Equal((AttemptOutcome.Released, "disk full"), LastAttempt());
        var again = _data.Jobs.Leases.Claim(new ClaimRequest("w/1", [OneJob.Stage]))!;
        Assert.Throws<StorageException>(() => Run(new RetryUntilAvailable(TimeSpan.Zero, _clock), Fail, again));
        Assert.Equal((AttemptOutcome.Snoozed, "disk full"), LastAttempt());
    }

    [Fact]
    public void A_finished_result_survives_an_outage_that_is_waited_out()
    {
        _failuresLeft["Publish"] = 2;
        _failuresLeft["Complete"] = 2;
        Assert.Equal(RunOutcome.Completed, Run(new RetryUntilAvailable(TimeSpan.Zero, _clock), (_, _) => { }));
        Assert.Single(_data.Jobs.Acceptance.CompletedResults());
    }

    [Fact]
    public void A_stop_releases_the_job()
    {
        using var stop = new CancellationTokenSource();
        void Stop(StageContext context, CancellationToken stopped)
        {
            stop.Cancel();
            stopped.ThrowIfCancellationRequested();
        }

        Assert.Equal(RunOutcome.Released, Run(new EndProcess(), Stop, stop: stop.Token));
        Assert.Equal((AttemptOutcome.Released, "a stop was requested"), LastAttempt());
    }

    [Fact]
    public void A_cancelled_job_ends_as_lost_and_publishes_nothing()
    {
        void Cancel(StageContext context, CancellationToken stopped)
        {
            _data.Jobs.Sweeps.CancelSweep("sweep");
            stopped.WaitHandle.WaitOne();
            stopped.ThrowIfCancellationRequested();
        }

        Assert.Equal(RunOutcome.Lost, Run(new EndProcess(), Cancel));
        Assert.Empty(_data.Jobs.Acceptance.CompletedResults());
    }

    [Fact]
    public async Task A_stage_that_makes_no_steps_is_a_fault_and_ends_the_process()
    {
        void Hang(StageContext context, CancellationToken stopped)
        {
            _clock.Advance(TimeSpan.FromSeconds(StallAfter));
            SpinWait.SpinUntil(() => _state.Failed.IsCompleted);

            // A call that hangs never returns; if the stage returned here, its result would be accepted in spite of the fault.
            throw new TimeoutException("the call returned after the fault was recorded");
        }

        Assert.Equal(RunOutcome.Lost, Run(new EndProcess(), Hang));
        Assert.IsType<StalledException>(await _state.Failed);
        Assert.Equal((AttemptOutcome.Faulted, "no step for 600 s (farm.stallAfter)"), LastAttempt());
    }

    private RunOutcome Run(
        OutagePolicy outages,
        Action<StageContext, CancellationToken> stage,
        ClaimedJob? job = null,
        CancellationToken stop = default)
    {
        var stores = new WorkerStores(
            Outage<IJobLeases>.Wrap(_data.Jobs.Leases, Fails),
            Outage<IArtifactStore>.Wrap(_data.Artifacts, Fails),
            new NoInputs(),
            outages);
        var runners = new Dictionary<string, IStageRunner> { [OneJob.Stage] = new Stage(stage) };
        var runner = new JobRunner(stores, runners, _settings, _state, _clock);
        return runner.Run(job ?? _job, stop);
    }

    private bool Fails(string method)
    {
        int left = _failuresLeft.GetValueOrDefault(method);
        _failuresLeft[method] = left - 1;
        return left > 0;
    }

    private (AttemptOutcome Outcome, string? Why) LastAttempt()
    {
        var attempt = _data.Reads.Attempts(_job.Lease.JobId)[^1];
        return (attempt.Outcome, attempt.Why);
    }

    private sealed class Stage(Action<StageContext, CancellationToken> run) : IStageRunner
    {
        string IStageRunner.Stage => OneJob.Stage;

        public void Run(StageContext context, CancellationToken stop)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(context.Output).FullName, "result.txt"), "result");
            run(context, stop);
        }
    }

    private sealed class NoInputs : IInputs
    {
        public Corpus Corpus(string digest) => throw new NotSupportedException();

        public string Weights(string digest) => throw new NotSupportedException();

        public IReadOnlyList<string> Recordings(string digest) => throw new NotSupportedException();
    }
}

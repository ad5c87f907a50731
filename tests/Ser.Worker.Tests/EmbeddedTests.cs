using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>The real services, SQLite, files and MassTransit in memory.</summary>
public sealed class EmbeddedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_graph_runs_and_every_dependant_reads_what_was_accepted()
    {
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 2, (_, _, _) => { }, "A", "B", "C");
        var sweep = await host.WaitForAsync(sweep => sweep.State != SweepState.Unfinished);

        Assert.Equal(SweepState.Done, sweep.State);
        foreach (var job in sweep.Jobs.Where(job => job.Stage == "Evaluate"))
        {
            string fold = job.Title["Evaluate ".Length..];
            string text = File.ReadAllText(Path.Combine(host.Data.Artifacts.Open(job.Result!), "result.txt"));
            Assert.Equal($"Train of {fold}\nStore of {fold}\nEvaluate of {fold}\n", text);
        }

        Assert.All(sweep.Jobs, job => Assert.Equal((1, 0.8), (job.Attempt, host.Data.Reads.LearningCurve(job.Id).Single().ValidationUa)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Data.Work));
    }

    [Fact]
    public async Task A_fault_is_tried_again_and_the_third_ends_the_job_but_not_the_others()
    {
        int faultsOfB = 0;
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, (stage, context, _) =>
        {
            string fold = context.Spec["fold"]!.GetValue<string>();
            if ((stage == "Store" && fold == "A") || (stage == "Train" && fold == "B" && faultsOfB++ == 0))
            {
                throw new InvalidOperationException("loss is not a number");
            }
        }, "A", "B");
        var sweep = await host.WaitForAsync(sweep => sweep.State != SweepState.Unfinished);

        Assert.Equal(
            [JobState.Done, JobState.Failed, JobState.Waiting, JobState.Done, JobState.Done, JobState.Done],
            sweep.Jobs.Select(job => job.State));
        Assert.Equal("loss is not a number", sweep.Jobs[1].Error);
        Assert.Equal("waiting for failed Store A", sweep.Jobs[2].WaitsFor);
        Assert.Equal(2, sweep.Jobs[3].Attempt);
        Assert.Equal(3, host.Data.Reads.Attempts(sweep.Jobs[1].Id).Count(attempt => attempt.Outcome == AttemptOutcome.Faulted));
    }

    [Fact]
    public async Task A_stop_writes_a_checkpoint_and_releases_the_job_and_the_next_host_resumes_from_it()
    {
        await using (var host = await HostUnderTest.StartAsync(_folder.Path, 1, (_, context, stop) =>
        {
            stop.WaitHandle.WaitOne();
            context.Checkpoints.Save(path => File.WriteAllText(path, "half way"));
            throw new OperationCanceledException(stop);
        }, "A"))
        {
            await host.WaitForAsync(sweep => sweep.Jobs[0].State == JobState.Running);
            await host.StopAsync();

            var job = host.Data.Reads.Sweep("sweep").Jobs[0];
            Assert.Equal((JobState.Ready, 0, 1), (job.State, job.Faults, job.Attempt));
            Assert.Equal(AttemptOutcome.Released, host.Data.Reads.Attempts(job.Id).Single().Outcome);
        }

        var found = new List<string?>();
        await using var next = await HostUnderTest.StartAsync(_folder.Path, 1, (stage, context, _) =>
        {
            if (stage == "Train")
            {
                found.Add(context.Checkpoints.Latest() is { } path ? File.ReadAllText(path) : null);
            }
        }, "A");
        await next.WaitForAsync(sweep => sweep.State == SweepState.Done);

        Assert.Equal(["half way"], found);
        Assert.Empty(next.Data.Artifacts.JobsWithCheckpoints());
    }

    [Fact]
    public async Task Cancelling_from_outside_reaches_the_running_job()
    {
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, (_, _, stop) => stop.WaitHandle.WaitOne(), "A");
        await host.WaitForAsync(sweep => sweep.Jobs[0].State == JobState.Running);
        Assert.Null(DataFolder.Cancel(_folder.Path, "sweep"));
        var sweep = await host.WaitForAsync(sweep => sweep.State != SweepState.Unfinished);

        Assert.All(sweep.Jobs, job => Assert.Equal(JobState.Cancelled, job.State));
        await host.StopAsync();
        Assert.Equal(AttemptOutcome.Cancelled, host.Data.Reads.Attempts(Plans.Id("Train", "A")).Single().Outcome);
    }

    [Fact]
    public async Task A_device_that_is_full_for_a_while_delays_the_job_and_is_not_charged()
    {
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, (stage, context, _) =>
        {
            if (stage == "Train" && context.Attempt == 1)
            {
                throw new InvalidOperationException("CUDA out of memory. Tried to allocate 20.00 MiB\n   at an address");
            }
        }, "A");
        var sweep = await host.WaitForAsync(sweep => sweep.State == SweepState.Done);

        Assert.Equal((2, 0), (sweep.Jobs[0].Attempt, sweep.Jobs[0].Faults));
        var attempts = host.Data.Reads.Attempts(sweep.Jobs[0].Id);
        Assert.Equal([AttemptOutcome.Snoozed, AttemptOutcome.Accepted], attempts.Select(attempt => attempt.Outcome));
        Assert.InRange(attempts[1].Started - attempts[0].Ended!.Value, JobTransitions.SnoozeSeconds(0) - 0.1, 60);
        Assert.Contains("at an address", attempts[0].Log, StringComparison.Ordinal);
        Assert.DoesNotContain("address", attempts[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_that_makes_no_steps_is_a_fault_and_ends_the_process_that_runs_it()
    {
        using var hang = new ManualResetEventSlim();
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, (stage, context, _) =>
        {
            if (stage == "Train")
            {
                context.Report(new StageProgress(7));
                hang.Wait();
            }
        }, Plans.Sweep("sweep", "A").With(new JobHints { StallAfter = 10 }));
        var stalled = Assert.IsType<StalledException>(await host.Worker.Failed.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("no step for 10 s", stalled.Message, StringComparison.Ordinal);
        var attempt = host.Data.Reads.Attempts(Plans.Id("Train", "A"))[0];
        Assert.Equal(AttemptOutcome.Faulted, attempt.Outcome);
        Assert.Contains("no step", attempt.Log, StringComparison.Ordinal);
        hang.Set();
    }

    [Fact]
    public async Task A_checkpoint_of_an_attempt_that_lost_its_lease_is_refused()
    {
        Exception? refused = null;
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, (stage, context, stop) =>
        {
            if (stage == "Train" && context.Attempt == 1)
            {
                stop.WaitHandle.WaitOne();
                refused = Record.Exception(() => context.Checkpoints.Save(path => File.WriteAllText(path, "late")));
                throw refused!;
            }
        }, "A");
        await host.WaitForAsync(sweep => sweep.Jobs[0].State == JobState.Running);
        host.Data.Jobs.Supervision.ExpireLeases("as if another had taken over");
        await host.WaitForAsync(sweep => sweep.State == SweepState.Done);

        Assert.IsType<LeaseLostException>(refused);
        var outcomes = host.Data.Reads.Attempts(Plans.Id("Train", "A")).Select(attempt => attempt.Outcome);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Accepted], outcomes);
    }

    [Fact]
    public async Task A_full_disk_is_reported_once_and_not_charged()
    {
        const int NoSpace = 28;
        static void FillTheDisk(string stage, StageContext context, CancellationToken stop) =>
            throw new IOException("No space left on device", NoSpace);
        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, FillTheDisk, "A");
        var failure = await host.Worker.Failed.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Contains("full", Assert.IsType<StorageException>(failure).Message, StringComparison.Ordinal);
        var job = host.Data.Reads.Sweep("sweep").Jobs[0];
        Assert.Equal((JobState.Ready, 0, 1), (job.State, job.Faults, job.Attempt));
    }

    [Fact]
    public async Task A_result_whose_announcement_was_lost_is_found()
    {
        using (var data = DataFolder.OpenAsRunner(_folder.Path, "first"))
        {
            data.Jobs.Sweeps.Submit(Plans.Sweep("sweep", "A"));
            var job = data.Jobs.Leases.Claim(new ClaimRequest("w", Plans.Stages))!;
            string output = Path.Combine(data.Work, "output");
            Directory.CreateDirectory(output);
            File.WriteAllText(Path.Combine(output, "result.txt"), "made before the crash\n");
            data.Jobs.Leases.Complete(job.Lease, data.Artifacts.Publish(job.Stage, job.Lease, output, new Dictionary<string, string>()));
        }

        await using var host = await HostUnderTest.StartAsync(_folder.Path, 1, (stage, _, _) => Assert.NotEqual("Train", stage), "A");
        var sweep = await host.WaitForAsync(sweep => sweep.State != SweepState.Unfinished);

        Assert.Equal(SweepState.Done, sweep.State);
        string text = File.ReadAllText(Path.Combine(host.Data.Artifacts.Open(sweep.Jobs[2].Result!), "result.txt"));
        Assert.Equal("made before the crash\nStore of A\nEvaluate of A\n", text);
    }
}

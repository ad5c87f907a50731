using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;

namespace Ser.Worker;

/// <summary>The loop of each slot: it claims a job and runs it on a thread of its own.</summary>
public sealed class WorkerService(
    JobClaims claims,
    JobRunner run,
    SchedulerMessages scheduler,
    WorkerStores stores,
    WorkerSettings settings,
    WorkerState state,
    TimeProvider clock,
    ILogger<WorkerService> log)
    : BackgroundService
{
    private const int StackBytes = 16 << 20;

    // Threads of the last job of each slot; a slot that has had none claims when a single core is free.
    private readonly ConcurrentDictionary<int, int> _threads = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopClaiming = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, state.StopClaiming);
        using var stopRunning = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, state.StopRunning);
        var slots = Enumerable.Range(1, settings.Slots).Select(slot => RunSlotAsync(slot, stopClaiming.Token, stopRunning.Token));
        await Task.WhenAll(slots);
        if (state.StopClaiming.IsCancellationRequested)
        {
            state.Finish("drained");
        }
    }

    /// <summary>
    /// Waits until every job has written a checkpoint after its current step. Jobs whose step takes too long are released as they are and
    /// later resume from their last checkpoint.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (settings.StopWithin is { } stopWithin)
        {
            limit.CancelAfter(stopWithin);
        }

        await base.StopAsync(limit.Token);
        foreach (var lease in state.RunningLeases)
        {
            try
            {
                stores.Jobs.Release(lease, "a stop was requested and the current step took too long", "");
            }
            catch (StorageException unavailable)
            {
                // The lease expires without our doing.
                log.LogWarning("{Job} could not be released: {Why}", lease.JobId, unavailable.Message);
            }
        }
    }

    private async Task RunSlotAsync(int slot, CancellationToken stopClaiming, CancellationToken stopRunning)
    {
        try
        {
            while (!stopClaiming.IsCancellationRequested)
            {
                await stores.Outages.RunRoundAsync(() => ClaimAndRunAsync(slot, stopClaiming, stopRunning), ReportOutage, stopClaiming);
            }
        }
        catch (OperationCanceledException) when (stopClaiming.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            state.SlotFailed(error);
        }
    }

    private void ReportOutage(Exception failed, TimeSpan delay)
    {
        if (failed is StorageException unavailable)
        {
            log.LogWarning("a store is unavailable, trying again in {Pause}: {Why}", delay, unavailable.Message);
        }
        else
        {
            log.LogError(failed, "a slot failed, trying again in {Pause}", delay);
        }
    }

    private async Task ClaimAndRunAsync(int slot, CancellationToken stopClaiming, CancellationToken stopRunning)
    {
        if (state.IsQuarantined)
        {
            state.NoJobFound();
            await Task.Delay(settings.Timings.PollInterval, clock, stopClaiming);
            return;
        }

        if (!settings.Cores.HasFree(_threads.GetValueOrDefault(slot)))
        {
            state.NoJobFound();
            await Task.Delay(settings.Timings.PollInterval, clock, stopClaiming);
            return;
        }

        var request = claims.RequestOf(slot);
        var job = claims.Claim(request);
        if (job is null)
        {
            state.NoJobFound();
            await scheduler.AnnounceSlotAsync(request, settings.Timings.PollInterval, stopClaiming);
            return;
        }

        int threads = JobCheck.ThreadsOf(job);
        _threads[slot] = threads;
        using var cores = settings.Cores.TryTake(threads);
        if (cores is null)
        {
            // The slot claims again once the machine has this many free cores; another machine may be faster.
            stores.Jobs.Release(job.Lease, "the cores of the machine are taken by other jobs", "");
            return;
        }

        using var span = Traces.StartAttempt(job);
        var verdict = await RunOnDedicatedThread(job, stopRunning);
        span.SetOutcome(verdict.ToString(), failed: verdict is RunOutcome.Faulted or RunOutcome.Snoozed or RunOutcome.Lost);
        log.LogInformation("{Stage} {Job}, attempt {Attempt}: {Verdict}", job.Stage, job.Lease.JobId, job.Lease.Attempt, verdict);
        if (verdict == RunOutcome.Faulted)
        {
            state.JobFaulted();
        }

        if (verdict == RunOutcome.Completed)
        {
            await scheduler.AnnounceCompletedAsync(job.Lease);
        }
    }

    // Not on the thread pool: a job runs for hours, and libtorch keeps its number of threads per calling thread.
    private Task<RunOutcome> RunOnDedicatedThread(ClaimedJob job, CancellationToken stop)
    {
        var ended = new TaskCompletionSource<RunOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
                try
                {
                    state.JobStarted(job.Lease);
                    ended.SetResult(Run(job, stop));
                }
                catch (Exception error)
                {
                    ended.SetException(error);
                }
            },
            StackBytes)
        { IsBackground = true, Name = $"{job.Stage} {job.Lease.JobId}" }.Start();
        return ended.Task;
    }

    private RunOutcome Run(ClaimedJob job, CancellationToken stop)
    {
        try
        {
            return run.Run(job, stop);
        }
        finally
        {
            state.JobEnded(job.Lease);
        }
    }
}

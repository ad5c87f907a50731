using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage;
using Ser.Storage.Messages;
using Ser.Storage.Telemetry;

namespace Ser.Worker;

/// <summary>Slots that claim jobs and run them, each on a thread of its own.</summary>
public sealed class WorkerService(
    IJobStore jobs,
    JobRun run,
    IReadOnlyDictionary<string, IStageRunner> runners,
    Offers offers,
    IBus bus,
    WorkerSettings settings,
    RunnerFailure failure,
    Shift shift,
    Outages outages,
    Inputs inputs,
    IWorkerRegistry registry,
    TimeProvider clock,
    ILogger<WorkerService> log)
    : BackgroundService
{
    private const int Stack = 16 << 20;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<string> stages = [.. runners.Keys];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var noMore = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, shift.NoMore);
        using var handBack = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, shift.HandBack);
        await Task.WhenAll(Enumerable.Range(1, settings.Slots).Select(slot => SlotAsync(slot, noMore.Token, handBack.Token)));
        if (shift.NoMore.IsCancellationRequested)
        {
            shift.Finish("drained");
        }
    }

    /// <summary>Waits for every job's checkpoint at its next step; those whose step takes too long are handed back as they are and go on from their last one.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (settings.StopWithin is { } most)
        {
            limit.CancelAfter(most);
        }

        await base.StopAsync(limit.Token);
        foreach (var lease in shift.Held)
        {
            try
            {
                jobs.HandBack(lease, "a stop was requested and the step took too long for it", "");
            }
            catch (StorageException away)
            {
                // Its lease runs out by itself.
                log.LogWarning("{Job} could not be handed back: {Why}", lease.JobId, away.Message);
            }
        }
    }

    private async Task SlotAsync(int slot, CancellationToken stop, CancellationToken handBack)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await OneJobAsync(slot, stop, handBack);
                }
                catch (StorageException away) when (outages.Pause is not null)
                {
                    log.LogWarning("a store is away, trying again in {Pause}: {Why}", outages.Pause, away.Message);
                    await Task.Delay(outages.Pause.Value, clock, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception lost)
        {
            failure.Report(lost);
        }
    }

    private async Task OneJobAsync(int slot, CancellationToken stop, CancellationToken handBack)
    {
        if (shift.Rests)
        {
            shift.FoundNothing();
            await Task.Delay(AskAgain, clock, stop);
            return;
        }

        var request = new ClaimRequest($"{settings.Name}/{slot}", stages, settings.Sweep)
        {
            Can = settings.Can,
            Holds = inputs.Holds,
            Alone = !shift.HasFaultedLately || IsAlone(),
        };
        var job = jobs.Claim(request);
        if (job is null)
        {
            shift.FoundNothing();
            await bus.SayAsync(new SlotsFree(request with { Holds = [] }, 1), stop);
            await offers.WaitAsync(AskAgain, stop);
            return;
        }

        using var span = Traces.Attempt(job);
        var verdict = await OnThreadOfItsOwn(job, handBack);
        span.End(verdict.ToString(), failed: verdict is Verdict.Faulted or Verdict.PutOff or Verdict.Lost);
        log.LogInformation("{Stage} {Job}, attempt {Attempt}: {Verdict}", job.Stage, job.Lease.JobId, job.Lease.Attempt, verdict);
        if (verdict == Verdict.Faulted)
        {
            shift.Faulted();
        }

        if (verdict == Verdict.Offered)
        {
            await bus.SayAsync(new ResultOffered(job.Lease.JobId, job.Lease.Attempt), CancellationToken.None);
        }
    }

    private bool IsAlone()
    {
        var now = clock.GetUtcNow();
        return !registry.All().Any(worker => worker.Name != settings.Name && worker.Order == WorkerOrder.Work && worker.IsAliveAt(now));
    }

    // Not the pool: a job runs for hours, and libtorch keeps its thread count by thread.
    private Task<Verdict> OnThreadOfItsOwn(ClaimedJob job, CancellationToken stop)
    {
        var ended = new TaskCompletionSource<Verdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
                try
                {
                    shift.Begin(job.Lease);
                    ended.SetResult(Run(job, stop));
                }
                catch (Exception error)
                {
                    ended.SetException(error);
                }
            },
            Stack)
        { IsBackground = true, Name = $"{job.Stage} {job.Lease.JobId}" }.Start();
        return ended.Task;
    }

    private Verdict Run(ClaimedJob job, CancellationToken stop)
    {
        try
        {
            return run.Run(job, stop);
        }
        finally
        {
            shift.End(job.Lease);
        }
    }
}

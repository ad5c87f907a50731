using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;
using Ser.Hosting.Messages;

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
    ILogger<WorkerService> log)
    : BackgroundService
{
    private const int Stack = 16 << 20;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<string> stages = [.. runners.Keys];

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(1, settings.Slots).Select(slot => SlotAsync(slot, stoppingToken)));

    private async Task SlotAsync(int slot, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var job = jobs.Claim(new ClaimRequest($"{settings.Name}/{slot}", stages, settings.Sweep));
                if (job is null)
                {
                    await bus.SayAsync(new SlotsFree(settings.Name, 1, settings.Sweep), stop);
                    await offers.WaitAsync(AskAgain, stop);
                    continue;
                }

                var verdict = await OnThreadOfItsOwn(job, stop);
                log.LogInformation("{Stage} {Job}, attempt {Attempt}: {Verdict}", job.Stage, job.Lease.JobId, job.Lease.Attempt, verdict);
                if (verdict == Verdict.Offered)
                {
                    await bus.SayAsync(new ResultOffered(job.Lease.JobId, job.Lease.Attempt), CancellationToken.None);
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

    // Not the pool: a job runs for hours, and libtorch keeps its thread count by thread.
    private Task<Verdict> OnThreadOfItsOwn(ClaimedJob job, CancellationToken stop)
    {
        var ended = new TaskCompletionSource<Verdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
                try
                {
                    ended.SetResult(run.Run(job, stop));
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
}

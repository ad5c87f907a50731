using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Learning;
using Ser.Runners;
using Ser.Storage.Artifacts;
using Ser.Storage.Telemetry;

namespace Ser.Worker;

/// <summary>How an attempt of a claimed job ended.</summary>
public enum RunOutcome
{
    /// <summary>Its result is published and recorded.</summary>
    Completed,

    /// <summary>The job itself failed; charged.</summary>
    Faulted,

    /// <summary>A stop was requested or the storage failed; not charged.</summary>
    Released,

    /// <summary>It has stopped at an epoch at which successive halving compares the arms.</summary>
    Parked,

    /// <summary>A transient fault: not charged, and tried again after a pause.</summary>
    Snoozed,

    /// <summary>The lease was gone; nothing was written.</summary>
    Lost,
}

/// <summary>
/// Runs one claimed job: prepares it, runs its stage, publishes the result and completes the attempt. Every exception becomes a verdict
/// here.
/// </summary>
public sealed class JobRunner(
    WorkerStores stores,
    IReadOnlyDictionary<string, IStageRunner> runners,
    WorkerSettings settings,
    WorkerState state,
    TimeProvider clock)
{
    private const string StopRequested = "a stop was requested";
    private readonly IJobLeases _jobs = stores.Jobs;

    /// <summary>Blocks until the attempt has ended. Call on a dedicated thread.</summary>
    /// <exception cref="StorageException">The storage failed; the job was released where that was possible.</exception>
    public RunOutcome Run(ClaimedJob job, CancellationToken stop)
    {
        var lease = job.Lease;
        string folder = Path.Combine(settings.Scratch, $"{lease.JobId}-{lease.Attempt}");
        var log = new JobLog(clock);
        log.Add($"attempt {lease.Attempt} of {job.Stage} {job.Title} on {lease.Worker}");
        try
        {
            if (JobCheck.FindProblem(job) is { } problem)
            {
                log.Add(problem);
                return _jobs.Fault(lease, problem, log.ToString()) ? RunOutcome.Faulted : RunOutcome.Lost;
            }

            var stallAfter = TimeSpan.FromSeconds(JobHints.FromSpec(job.Spec).StallAfter);
            var watch = new StallWatch(stallAfter, clock);
            var interval = settings.Timings.RenewalInterval;
            using var renewals = new LeaseRenewal(_jobs, lease, log, watch, interval, () => EndStalledAttempt(lease, watch, log));
            renewals.Start();
            using var stopOrLost = CancellationTokenSource.CreateLinkedTokenSource(stop, renewals.Lost);
            string checkpointFolder = Path.Combine(folder, "checkpoints");
            using var checkpoints = new JobCheckpoints(stores, lease, checkpointFolder, log, clock, stopOrLost.Token);
            var attempt = new AttemptContext(job, Path.Combine(folder, "result"), renewals, checkpoints, watch, log);
            return RunAttempt(attempt, stopOrLost.Token, stop);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            NativeMemory.ReleaseFreeMemory();
        }
    }

    // A native call that hangs cannot be interrupted, so the whole process has to end.
    private void EndStalledAttempt(Lease lease, StallWatch watch, JobLog log)
    {
        log.Add(watch.Reason);
        try
        {
            _jobs.Fault(lease, watch.Reason, log.ToString());
        }
        catch (StorageException)
        {
            // The lease expires without our doing.
        }

        state.SlotFailed(new StalledException($"{lease.JobId} on {lease.Worker}: {watch.Reason}"));
    }

    private RunOutcome RunAttempt(AttemptContext attempt, CancellationToken stopOrLost, CancellationToken stop)
    {
        var (job, output, renewals, _, _, log) = attempt;
        try
        {
            Directory.CreateDirectory(output);
            using (Traces.StartPart("run"))
            {
                runners[job.Stage].Run(CreateStageContext(attempt), stopOrLost);
            }

            return PublishResult(attempt, stop) ? RunOutcome.Completed : RunOutcome.Lost;
        }
        catch (OperationCanceledException) when (renewals.Lost.IsCancellationRequested)
        {
            return RunOutcome.Lost;
        }
        catch (LeaseLostException)
        {
            return RunOutcome.Lost;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            bool Release(string lines) => _jobs.Release(job.Lease, StopRequested, lines);
            return EndAtCheckpoint(attempt, StopRequested, Release, RunOutcome.Released);
        }
        catch (PausedException paused)
        {
            bool Park(string lines) => RunToSuccess(() => _jobs.Park(job.Lease, lines), log, stop);
            return EndAtCheckpoint(attempt, paused.Message, Park, RunOutcome.Parked);
        }
        catch (Exception failed) when (failed is StorageException or IOException && StorageFailure.From(failed) is not null)
        {
            var storageFailure = StorageFailure.From(failed)!;
            log.Add(storageFailure.Message);
            ReleaseIfPossible(job.Lease, storageFailure, log);
            throw storageFailure;
        }
        catch (Exception error)
        {
            log.Add(error.ToString());
            renewals.Flush();
            return RecordFault(job.Lease, error, log);
        }
    }

    private bool PublishResult(AttemptContext attempt, CancellationToken stop)
    {
        using var publishing = Traces.StartPart("publish");
        return attempt.Watch.RunSuspended(() =>
        {
            var (job, output, renewals, checkpoints, _, log) = attempt;
            checkpoints.Finish();
            renewals.Flush();
            var facts = settings.Facts ?? ResultEnvironment.Facts;
            string digest = RunToSuccess(() => stores.Artifacts.Publish(job.Stage, job.Lease, output, facts), log, stop);
            log.Add("the result is published");
            renewals.Flush();
            return RunToSuccess(() => _jobs.Complete(job.Lease, digest), log, stop);
        });
    }

    private RunOutcome RecordFault(Lease lease, Exception error, JobLog log)
    {
        if (OutOfMemory.Caused(error))
        {
            return _jobs.Snooze(lease, OutOfMemory.Describe(error), log.ToString()) ? RunOutcome.Snoozed : RunOutcome.Lost;
        }

        // The messages of libtorch end in a native stack trace, which belongs in the log only.
        string firstLine = error.Message.Split('\n')[0].TrimEnd();
        return _jobs.Fault(lease, firstLine, log.ToString()) ? RunOutcome.Faulted : RunOutcome.Lost;
    }

    // Waits until the last checkpoint is recorded, then makes the transition that ends the attempt.
    private static RunOutcome EndAtCheckpoint(AttemptContext attempt, string why, Func<string, bool> end, RunOutcome verdict)
    {
        attempt.Log.Add(why);
        attempt.Renewals.Flush();
        try
        {
            attempt.Watch.RunSuspended(() =>
            {
                attempt.Checkpoints.Finish();
                return 0;
            });
        }
        catch (LeaseLostException)
        {
            return RunOutcome.Lost;
        }

        return end(attempt.Log.ToString()) ? verdict : RunOutcome.Lost;
    }

    // A finished result is not thrown away because a store is unavailable for a while.
    private T RunToSuccess<T>(Func<T> action, JobLog log, CancellationToken stop) =>
        stores.Outages.RunToSuccess(action, unavailable => log.Add(unavailable.Message), stop);

    private StageContext CreateStageContext(AttemptContext attempt)
    {
        var (job, output, renewals, checkpoints, watch, log) = attempt;
        string OpenParent(JobResult parent) => watch.RunSuspended(() => stores.Artifacts.Open(parent));
        void Report(StageProgress progress)
        {
            renewals.Report(progress);
            if (progress.Point is not null)
            {
                state.EpochEnded();
            }
        }

        return new StageContext
        {
            JobId = job.Lease.JobId,
            Attempt = job.Lease.Attempt,
            Spec = job.Spec,
            Parents = job.Parents.ToDictionary(parent => parent.Stage, OpenParent),
            PauseAfter = job.PauseAfter,
            Output = output,
            Cache = settings.Cache,
            Inputs = new WatchedInputs(stores.Inputs, watch, log),
            Checkpoints = checkpoints,
            Report = Report,
        };
    }

    private void ReleaseIfPossible(Lease lease, StorageException why, JobLog log)
    {
        try
        {
            stores.Outages.EndAttempt(
                release: () => _jobs.Release(lease, why.Message, log.ToString()),
                snooze: () => _jobs.Snooze(lease, why.Message, log.ToString()));
        }
        catch (StorageException)
        {
            // The lease expires, or the next runner of the data folder ends it.
        }
    }

    private sealed record AttemptContext(
        ClaimedJob Job,
        string Output,
        LeaseRenewal Renewals,
        JobCheckpoints Checkpoints,
        StallWatch Watch,
        JobLog Log);
}

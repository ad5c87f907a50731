using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Learning;
using Ser.Runners;
using Ser.Storage;
using Ser.Storage.Artifacts;
using Ser.Storage.Telemetry;

namespace Ser.Worker;

/// <summary>How running one claimed job came out.</summary>
public enum Verdict
{
    /// <summary>A result is offered.</summary>
    Offered,

    /// <summary>The job itself failed; charged.</summary>
    Faulted,

    /// <summary>A stop was requested or the storage failed; not charged.</summary>
    HandedBack,

    /// <summary>It has stopped at an epoch at which arms are compared.</summary>
    Parked,

    /// <summary>A transient fault: not charged, and tried again after a pause.</summary>
    PutOff,

    /// <summary>The lease was gone; nothing was written.</summary>
    Lost,
}

/// <summary>Runs one claimed job: started, run, published, offered. Whatever is thrown becomes a verdict here, once.</summary>
public sealed class JobRun(IJobStore jobs, IArtifactStore artifacts, IInputs inputs, IReadOnlyDictionary<string, IStageRunner> runners, WorkerSettings settings, Outages outages, RunnerFailure failure, Shift shift, TimeProvider clock)
{
    /// <summary>Blocks until the job has ended. Call on a thread of its own.</summary>
    /// <exception cref="StorageException">The storage failed; the job was handed back where that was possible.</exception>
    public Verdict Run(ClaimedJob job, CancellationToken stop)
    {
        string folder = Path.Combine(settings.Scratch, $"{job.Lease.JobId}-{job.Lease.Attempt}");
        var log = new JobLog(clock);
        log.Add($"attempt {job.Lease.Attempt} of {job.Stage} {job.Title} on {job.Lease.Worker}");
        try
        {
            var watch = new StallWatch(TimeSpan.FromSeconds(JobHints.Of(job.Spec).StallAfter), clock);
            using var renewals = new Renewals(jobs, job.Lease, log, watch, () => Stalled(job.Lease, watch, log));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, renewals.Lost);
            using var checkpoints = new JobCheckpoints(jobs, artifacts, job.Lease, outages, Path.Combine(folder, "checkpoints"), log, clock, either.Token);
            return Attempt(new Surroundings(job, Path.Combine(folder, "result"), renewals, checkpoints, watch, log), either.Token, stop);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            NativeMemory.GiveBack();
        }
    }

    // A native call that hangs cannot be ended: the process must.
    private void Stalled(Lease lease, StallWatch watch, JobLog log)
    {
        log.Add(watch.Why);
        try
        {
            jobs.Fault(lease, watch.Why, log.ToString());
        }
        catch (StorageException)
        {
            // Its lease runs out by itself.
        }

        failure.Report(new StalledException($"{lease.JobId} on {lease.Worker}: {watch.Why}"));
    }

    private Verdict Attempt(Surroundings around, CancellationToken either, CancellationToken stop)
    {
        var (job, output, renewals, checkpoints, watch, log) = around;
        try
        {
            Directory.CreateDirectory(output);
            using (Traces.Part("run"))
            {
                runners[job.Stage].Run(Context(around), either);
            }

            using var publishing = Traces.Part("publish");
            watch.Aside(() =>
            {
                checkpoints.Finish();
                renewals.Flush();
                string digest = Patiently(() => artifacts.Publish(job.Stage, job.Lease, output, settings.Facts ?? MachineFacts.All), log, stop);
                log.Add("the result is published");
                renewals.Flush();
                return Patiently(
                    () =>
                    {
                        jobs.Offer(job.Lease, digest);
                        return 0;
                    },
                    log,
                    stop);
            });
            return Verdict.Offered;
        }
        catch (OperationCanceledException) when (renewals.Lost.IsCancellationRequested)
        {
            return Verdict.Lost;
        }
        catch (LeaseLostException)
        {
            return Verdict.Lost;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return AtEnd(around, "a stop was requested", said => jobs.HandBack(job.Lease, "a stop was requested", said), Verdict.HandedBack);
        }
        catch (PausedException paused)
        {
            return AtEnd(around, paused.Message, said => Patiently(() => jobs.Park(job.Lease, said), log, stop), Verdict.Parked);
        }
        catch (Exception failed) when (failed is StorageException or IOException && StorageFailure.From(failed) is not null)
        {
            var away = StorageFailure.From(failed)!;
            log.Add(away.Message);
            HandBackIfPossible(job.Lease, away, log);
            throw away;
        }
        catch (Exception error)
        {
            log.Add(error.ToString());
            renewals.Flush();
            return OutOfMemory.Is(error)
                ? jobs.PutOff(job.Lease, OutOfMemory.Say(error), log.ToString()) ? Verdict.PutOff : Verdict.Lost

                // libtorch's messages end in a stack of addresses: that is for the log.
                : jobs.Fault(job.Lease, error.Message.Split('\n')[0].TrimEnd(), log.ToString()) ? Verdict.Faulted : Verdict.Lost;
        }
    }

    // With the last checkpoint recorded.
    private static Verdict AtEnd(Surroundings around, string why, Func<string, bool> end, Verdict verdict)
    {
        around.Log.Add(why);
        around.Renewals.Flush();
        try
        {
            around.Watch.Aside(() =>
            {
                around.Checkpoints.Finish();
                return 0;
            });
        }
        catch (LeaseLostException)
        {
            return Verdict.Lost;
        }

        return end(around.Log.ToString()) ? verdict : Verdict.Lost;
    }

    // What is made is not thrown away because a store is away for a while.
    private T Patiently<T>(Func<T> say, JobLog log, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return say();
            }
            catch (StorageException away) when (outages.Pause is { } pause && !stop.WaitHandle.WaitOne(pause))
            {
                log.Add(away.Message);
            }
        }
    }

    private StageContext Context(Surroundings around) => new()
    {
        JobId = around.Job.Lease.JobId,
        Attempt = around.Job.Lease.Attempt,
        Spec = around.Job.Spec,
        Parents = around.Job.Parents.ToDictionary(parent => parent.Stage, parent => around.Watch.Aside(() => artifacts.Open(parent))),
        PauseAfter = around.Job.PauseAfter,
        Output = around.Output,
        Cache = settings.Cache,
        Inputs = new WatchedInputs(inputs, around.Watch, around.Log),
        Checkpoints = around.Checkpoints,
        Report = progress =>
        {
            around.Renewals.Report(progress);
            if (progress.Point is not null)
            {
                shift.EpochEnded();
            }
        },
    };

    private void HandBackIfPossible(Lease lease, StorageException why, JobLog log)
    {
        try
        {
            if (outages.Pause is null)
            {
                jobs.HandBack(lease, why.Message, log.ToString());
            }
            else
            {
                jobs.PutOff(lease, why.Message, log.ToString());
            }
        }
        catch (StorageException)
        {
            // Its lease runs out by itself; the next runner of a folder ends it.
        }
    }

    private sealed record Surroundings(ClaimedJob Job, string Output, Renewals Renewals, JobCheckpoints Checkpoints, StallWatch Watch, JobLog Log);
}

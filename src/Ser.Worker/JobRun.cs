using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Hosting;
using Ser.Hosting.Artifacts;
using Ser.Learning;
using Ser.Stages;

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

    /// <summary>The lease was gone; nothing was written.</summary>
    Lost,
}

/// <summary>Runs one claimed job: started, run, published, offered. Whatever is thrown becomes a verdict here, once.</summary>
public sealed class JobRun(IJobStore jobs, IArtifactStore artifacts, IInputs inputs, IReadOnlyDictionary<string, IStageRunner> runners, WorkerSettings settings, Outages outages)
{
    /// <summary>Blocks until the job has ended. Call on a thread of its own.</summary>
    /// <exception cref="StorageException">The storage failed; the job was handed back where that was possible.</exception>
    public Verdict Run(ClaimedJob job, CancellationToken stop)
    {
        string output = Path.Combine(settings.Scratch, $"{job.Lease.JobId}-{job.Lease.Attempt}");
        try
        {
            using var renewals = new Renewals(jobs, job.Lease);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, renewals.Lost);
            return Attempt(job, output, renewals, either.Token, stop);
        }
        finally
        {
            if (Directory.Exists(output))
            {
                Directory.Delete(output, recursive: true);
            }

            NativeMemory.GiveBack();
        }
    }

    private Verdict Attempt(ClaimedJob job, string output, Renewals renewals, CancellationToken either, CancellationToken stop)
    {
        try
        {
            Directory.CreateDirectory(output);
            runners[job.Stage].Run(Context(job, output, renewals), either);
            renewals.Flush();
            string digest = Patiently(() => artifacts.Publish(job.Stage, job.Lease, output, settings.Facts ?? MachineFacts.All), stop);
            Patiently(
                () =>
                {
                    jobs.Offer(job.Lease, digest);
                    return 0;
                },
                stop);
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
            renewals.Flush();
            return jobs.HandBack(job.Lease, "a stop was requested", "") ? Verdict.HandedBack : Verdict.Lost;
        }
        catch (Exception failed) when (failed is StorageException or IOException && StorageFailure.From(failed) is not null)
        {
            HandBackIfPossible(job.Lease, failed);
            throw StorageFailure.From(failed)!;
        }
        catch (Exception error)
        {
            renewals.Flush();

            // libtorch's messages end in a stack of addresses: that is for the log.
            return jobs.Fault(job.Lease, error.Message.Split('\n')[0].TrimEnd(), error.ToString()) ? Verdict.Faulted : Verdict.Lost;
        }
    }

    // What is made is not thrown away because a store is away for a while.
    private T Patiently<T>(Func<T> say, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return say();
            }
            catch (StorageException) when (outages.Pause is { } pause && !stop.WaitHandle.WaitOne(pause))
            {
            }
        }
    }

    private StageContext Context(ClaimedJob job, string output, Renewals renewals) => new()
    {
        JobId = job.Lease.JobId,
        Attempt = job.Lease.Attempt,
        Spec = job.Spec,
        Parents = job.Parents.ToDictionary(parent => parent.Stage, artifacts.Open),
        Output = output,
        Cache = settings.Cache,
        Inputs = inputs,
        Checkpoints = new JobCheckpoints(jobs, artifacts, job.Lease, outages),
        Report = renewals.Report,
    };

    private void HandBackIfPossible(Lease lease, Exception why)
    {
        try
        {
            jobs.HandBack(lease, why.Message, "");
        }
        catch (StorageException)
        {
            // The next runner of this folder ends the lease.
        }
    }
}

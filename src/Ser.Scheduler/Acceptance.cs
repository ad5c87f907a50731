using Microsoft.Extensions.Logging;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>Looks at offered results: a whole one is accepted and its dependants released, a damaged one is charged.</summary>
public sealed class Acceptance(IJobStore jobs, IArtifactStore artifacts, ILogger<Acceptance> log)
{
    private readonly Lock one = new();

    /// <summary>Looks at every offered result that nobody has looked at.</summary>
    /// <returns>How many were accepted.</returns>
    public int RunOnce()
    {
        lock (one)
        {
            return jobs.Offered().Count(Look);
        }
    }

    private bool Look(OfferedResult result)
    {
        if (artifacts.Verify(result) is { } damage)
        {
            log.LogWarning("{Stage} {Job}, attempt {Attempt}: {Damage}", result.Stage, result.JobId, result.Attempt, damage);
            jobs.Reject(result, damage);
            return false;
        }

        if (!jobs.Accept(result))
        {
            return false;
        }

        artifacts.RemoveCheckpoints(result.JobId, keep: null);
        return true;
    }
}

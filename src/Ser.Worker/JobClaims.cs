using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Worker;

/// <summary>Claims jobs for the slots of a worker.</summary>
public sealed class JobClaims(
    IJobLeases jobs,
    IReadOnlyDictionary<string, IStageRunner> runners,
    JobInputs inputs,
    WorkerSettings settings,
    WorkerState state,
    IWorkerRegistry registry,
    TimeProvider clock)
{
    private readonly IReadOnlyList<string> _stages = [.. runners.Keys];

    /// <summary>What a slot of this worker can run now.</summary>
    public ClaimRequest RequestOf(int slot) => new(new SlotName(settings.Name, slot).ToString(), _stages, settings.Sweep)
    {
        Capabilities = settings.Ability,
        CachedInputs = inputs.LocalDigests,
        IsOnlyWorker = !state.HasFaultedRecently || IsOnlyActiveWorker(),
    };

    /// <summary>Claims the next job that fits the request; null if there is none.</summary>
    public ClaimedJob? Claim(ClaimRequest request) => jobs.Claim(request);

    private bool IsOnlyActiveWorker()
    {
        var now = clock.GetUtcNow();
        bool IsActive(WorkerInfo worker) => worker.Order == WorkerOrder.Work && worker.IsAliveAt(now);
        return !registry.All().Any(worker => worker.Name != settings.Name && IsActive(worker));
    }
}

using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Dashboard;

/// <summary>The stores that the dashboard reads. It has no state of its own beyond caches.</summary>
/// <param name="Reads">Sweeps, jobs and the audit log.</param>
/// <param name="Artifacts">Results of the jobs.</param>
/// <param name="Workers">The registered workers; null if the store keeps no register.</param>
public sealed record DashboardStores(IJobReads Reads, IArtifactStore Artifacts, IWorkerRegistry? Workers);

using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Dashboard;

/// <summary>What the dashboard looks at. It keeps nothing that is not there.</summary>
/// <param name="Reads">The jobs.</param>
/// <param name="Artifacts">Their results.</param>
/// <param name="Workers">The workers; null where nobody registers them.</param>
public sealed record DashboardStores(IJobReads Reads, IArtifactStore Artifacts, IWorkerRegistry? Workers);

using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Outages;

namespace Ser.Worker;

/// <summary>The stores that a worker uses, and what it does while one of them is unavailable.</summary>
/// <param name="Jobs">The leases of the job store: all that the database role of a worker allows.</param>
/// <param name="Artifacts">Results and checkpoints.</param>
/// <param name="Inputs">Corpora, recordings and weights.</param>
/// <param name="Outages">Whether an unavailable store ends the process or is waited for.</param>
public sealed record WorkerStores(IJobLeases Jobs, IArtifactStore Artifacts, IInputs Inputs, OutagePolicy Outages);

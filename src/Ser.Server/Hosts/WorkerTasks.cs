namespace Ser.Server.Hosts;

/// <summary>How the worker of a host can end while the host runs. A host without a worker has none.</summary>
/// <param name="Failed">Completes with the exception that ends a slot.</param>
/// <param name="Ended">Completes with the reason when the worker ends by itself, which ends the host; null: the host outlives it.</param>
internal sealed record WorkerTasks(Task<Exception> Failed, Task<string>? Ended);

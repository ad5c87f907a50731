namespace Ser.Domain.Workers;

/// <summary>
/// The workers and their status, as reported by themselves. Whether a job is still being run is decided by its lease, never by this
/// registry.
/// </summary>
/// <exception cref="StorageException">Thrown by every member when the registry cannot be read or written.</exception>
public interface IWorkerRegistry
{
    /// <summary>Registers a worker that has started. An earlier order to drain is cleared, but not a quarantine.</summary>
    /// <returns>Whether it was registered; false if another live worker uses its name.</returns>
    bool Register(WorkerInfo worker);

    /// <summary>Records a heartbeat of a worker.</summary>
    /// <param name="name">Name of the worker.</param>
    /// <param name="instance">Id of the worker's process.</param>
    /// <param name="running">Ids of the jobs that it runs.</param>
    /// <param name="reading">Resource usage of its machine; null if there is no new reading.</param>
    /// <returns>What the worker should do.</returns>
    WorkerOrder Heartbeat(string name, string instance, IReadOnlyList<string> running, WorkerReading? reading = null);

    /// <summary>Unregisters a worker that is shutting down. A worker in quarantine stays registered.</summary>
    void Unregister(string name, string instance);

    /// <summary>Orders a worker to take no more jobs, and to release its running jobs if <paramref name="order"/> says so.</summary>
    /// <returns>Whether there is such a worker.</returns>
    bool Drain(string name, WorkerOrder order);

    /// <summary>
    /// Puts a worker into quarantine: it finishes its jobs and takes no more until it is reinstated, even after a restart.
    /// </summary>
    /// <returns>Whether there is such a worker and it was taking jobs.</returns>
    bool Quarantine(string name, string why);

    /// <summary>Ends the quarantine of a worker. Its earlier faults no longer count.</summary>
    /// <returns>Whether there is such a worker in quarantine.</returns>
    bool Reinstate(string name);

    /// <summary>Returns all workers that have sent a heartbeat within the last day, ordered by name.</summary>
    IReadOnlyList<WorkerInfo> All();
}

/// <summary>What a worker should do.</summary>
public enum WorkerOrder
{
    /// <summary>Take jobs.</summary>
    Work,

    /// <summary>Finish the running jobs and take no more.</summary>
    Drain,

    /// <summary>Release the running jobs, with checkpoints, and take no more.</summary>
    ReleaseJobs,

    /// <summary>Finish the running jobs and take no more until reinstated, because its recent jobs have all failed.</summary>
    Quarantine,
}

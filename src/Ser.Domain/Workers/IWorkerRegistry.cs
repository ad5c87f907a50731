namespace Ser.Domain.Workers;

/// <summary>Who works, as they say themselves. Nothing about jobs depends on it: leases decide those.</summary>
/// <exception cref="StorageException">Thrown by every member when the registry cannot be read or written.</exception>
public interface IWorkerRegistry
{
    /// <summary>Announce: the worker is here; an order that it was given earlier is forgotten, but not a quarantine.</summary>
    /// <returns>Whether the name is its own now; not so while another instance of that name is alive.</returns>
    bool Announce(WorkerInfo worker);

    /// <summary>Seen: it still is, and runs these jobs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="instance">Of this name.</param>
    /// <param name="running">Ids of jobs.</param>
    /// <param name="reading">What it has read off its machine; null: nothing new.</param>
    /// <returns>What it should do.</returns>
    WorkerOrder Seen(string name, string instance, IReadOnlyList<string> running, WorkerReading? reading = null);

    /// <summary>Leave: it is gone, as it says itself. One in quarantine stays known.</summary>
    void Leave(string name, string instance);

    /// <summary>Drain: it takes no more jobs, and hands back those that it has where the order says so.</summary>
    /// <returns>Whether there is such a worker.</returns>
    bool Drain(string name, WorkerOrder order);

    /// <summary>Quarantine: it finishes what it has and takes no more until it is released, also after a restart.</summary>
    /// <returns>Whether there is such a worker, which worked until now.</returns>
    bool Quarantine(string name, string why);

    /// <summary>Release: it works again, and what was before is not held against it.</summary>
    /// <returns>Whether there is such a worker in quarantine.</returns>
    bool Release(string name);

    /// <summary>Every worker that has been seen in the last day, by name.</summary>
    IReadOnlyList<WorkerInfo> All();
}

/// <summary>What a worker should do.</summary>
public enum WorkerOrder
{
    /// <summary>Take jobs.</summary>
    Work,

    /// <summary>Finish what it has and take no more.</summary>
    Drain,

    /// <summary>Hand back what it has, with a checkpoint, and take no more.</summary>
    HandBack,

    /// <summary>Finish what it has and take no more until it is released: everything has failed on it lately.</summary>
    Quarantine,
}

using Ser.Domain;

namespace Ser.Storage.Outages;

/// <summary>
/// What a process does when a store is unavailable. Services run their work through these methods and do not ask which policy is in force.
/// </summary>
public abstract class OutagePolicy
{
    /// <summary>
    /// Runs one round of a service's loop. After a failure that is waited out, the service's next round repeats the work. On a farm every
    /// failure is waited out, also an unexpected one: the process has other work, and would fail again after a restart.
    /// </summary>
    /// <param name="round">The work.</param>
    /// <param name="report">Called with the failure and the delay before an outage is waited out.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="StorageException">A store is unavailable, and the process should end.</exception>
    public abstract Task RunRoundAsync(Func<Task> round, Action<Exception, TimeSpan> report, CancellationToken stop);

    /// <summary>Runs work whose effect must not be lost, such as publishing a finished result. Blocks until it succeeds.</summary>
    /// <param name="work">The work; it may run several times.</param>
    /// <param name="report">Called with each failure that was waited out.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="StorageException">A store is unavailable, and the process should end or a stop was requested.</exception>
    public abstract T RunToSuccess<T>(Func<T> work, Action<StorageException> report, CancellationToken stop);

    /// <summary>Runs work that may be left out during an outage, such as storing a checkpoint that the next one replaces.</summary>
    /// <param name="work">The work.</param>
    /// <param name="report">Called with the failure if the work was left out.</param>
    /// <exception cref="StorageException">A store is unavailable, and the process should end.</exception>
    public abstract void RunOptional(Action work, Action<StorageException> report);

    /// <summary>Ends an attempt that an outage interrupted, without charging it to the job.</summary>
    /// <param name="release">Lets the job start again at once, for a process that ends.</param>
    /// <param name="snooze">Lets the job start again after a pause, for a process that goes on.</param>
    public abstract void EndAttempt(Action release, Action snooze);
}

using Ser.Domain;

namespace Ser.Storage.Outages;

/// <summary>For a data folder: the process ends, because a failing disk does not recover by waiting.</summary>
public sealed class EndProcess : OutagePolicy
{
    /// <inheritdoc/>
    public override Task RunRoundAsync(Func<Task> round, Action<Exception, TimeSpan> report, CancellationToken stop) => round();

    /// <inheritdoc/>
    public override T RunToSuccess<T>(Func<T> work, Action<StorageException> report, CancellationToken stop) => work();

    /// <inheritdoc/>
    public override void RunOptional(Action work, Action<StorageException> report) => work();

    /// <inheritdoc/>
    public override void EndAttempt(Action release, Action snooze) => release();
}

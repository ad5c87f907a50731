using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>
/// Runs pieces of the scheduler's work so that one that fails does not stop the others. A piece that fails is set aside: it is tried again
/// after a pause that doubles with every failure, its first failure is recorded in the audit log, and /metrics counts it until it succeeds.
/// The outage of a store is not the failure of a piece and passes through. A piece that nobody runs any more is forgotten.
/// </summary>
public sealed class FailureIsolation(
    IAuditLog audit,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<FailureIsolation> log)
{
    private const string Author = "scheduler";
    private const int PausesUntilForgotten = 3;
    private readonly ConcurrentDictionary<Piece, Failure> _failures = new();

    /// <summary>The pieces that are set aside now.</summary>
    public IReadOnlyList<FailingWork> Failing
    {
        get
        {
            ForgetAbandoned();
            return [.. _failures.Select(entry =>
                new FailingWork(entry.Key.Kind, entry.Key.Name, entry.Value.Why, entry.Value.Count))];
        }
    }

    /// <summary>Runs a piece of work, unless it has failed and its pause is not over.</summary>
    /// <param name="kind">What it is: sweep, result, schedule, notification or loop.</param>
    /// <param name="name">Which one.</param>
    /// <param name="work">The work; it may be run again after a failure.</param>
    /// <returns>Whether the work has succeeded.</returns>
    /// <exception cref="StorageException">A store is unavailable.</exception>
    public bool Run(string kind, string name, Action work)
    {
        Task RunNow()
        {
            work();
            return Task.CompletedTask;
        }

        return RunAsync(kind, name, RunNow).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run"/>
    public async Task<bool> RunAsync(string kind, string name, Func<Task> work)
    {
        var piece = new Piece(kind, name);
        if (!IsDue(piece))
        {
            return false;
        }

        try
        {
            await work();
            _failures.TryRemove(piece, out _);
            return true;
        }
        catch (Exception error) when (error is not (StorageException or OperationCanceledException))
        {
            Record(piece, error);
            return false;
        }
    }

    // A piece is tried again after the longest pause at the latest, unless it is gone: a sweep that was withdrawn, a result that another
    // scheduler has accepted.
    private void ForgetAbandoned()
    {
        foreach (var (piece, failure) in _failures)
        {
            if (clock.GetElapsedTime(failure.At) > timings.FailureMaxDelay * PausesUntilForgotten)
            {
                _failures.TryRemove(piece, out _);
            }
        }
    }

    private bool IsDue(Piece piece) =>
        !_failures.TryGetValue(piece, out var failure) || clock.GetElapsedTime(failure.At) >= PauseAfter(failure.Count);

    private TimeSpan PauseAfter(int failures)
    {
        double seconds = timings.FailureFirstDelay.TotalSeconds * Math.Pow(2, failures - 1);
        return TimeSpan.FromSeconds(Math.Min(timings.FailureMaxDelay.TotalSeconds, seconds));
    }

    private void Record(Piece piece, Exception error)
    {
        ForgetAbandoned();
        string why = $"{error.GetType().Name}: {error.Message.Split('\n')[0].TrimEnd()}";
        Failure Repeat(Piece _, Failure earlier) => new(why, earlier.Count + 1, clock.GetTimestamp());
        var failure = _failures.AddOrUpdate(piece, _ => new Failure(why, 1, clock.GetTimestamp()), Repeat);
        log.LogError(
            error,
            "{Kind} {Name} is set aside and tried again in {Pause}, after {Count} failures: {Why}",
            piece.Kind, piece.Name, PauseAfter(failure.Count), failure.Count, why);
        if (failure.Count == 1)
        {
            RecordAudit(new AuditEntry(clock.GetUtcNow(), Author, null, $"set aside {piece.Kind} {piece.Name}", 500, why, null));
        }
    }

    private void RecordAudit(AuditEntry entry)
    {
        try
        {
            audit.RecordAudit(entry);
        }
        catch (StorageException away)
        {
            log.LogWarning("a failure could not be recorded in the audit log: {Why}", away.Message);
        }
    }

    private sealed record Piece(string Kind, string Name);

    private sealed record Failure(string Why, int Count, long At);
}

/// <summary>A piece of work that failed and is tried again later.</summary>
/// <param name="Kind">sweep, result, schedule or loop.</param>
/// <param name="Name">Which one.</param>
/// <param name="Why">The last failure.</param>
/// <param name="Failures">Number of failures in a row.</param>
public sealed record FailingWork(string Kind, string Name, string Why, int Failures);

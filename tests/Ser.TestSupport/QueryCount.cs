using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Ser.TestSupport;

/// <summary>
/// Counts the commands that EF Core sends to any database on the calling thread, so that tests that run at the same time are not counted.
/// </summary>
public sealed class QueryCount : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<IDisposable> _subscriptions = [];
    private int _count;

    /// <summary>The number of commands that <paramref name="action"/> sends.</summary>
    public static int Of(Action action)
    {
        using var counter = new QueryCount();
        counter._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(counter));
        action();
        return counter._count;
    }

    /// <inheritdoc/>
    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == RelationalEventId.CommandExecuting.Name && Environment.CurrentManagedThreadId == _thread)
        {
            _count++;
        }
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}

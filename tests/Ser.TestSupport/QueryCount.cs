using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Ser.TestSupport;

/// <summary>
/// Counts the commands that EF Core sends to any database on the thread that created it, so that tests that run at the same time are not
/// counted. Create it before the stores under test: a context that found no listener does not search for one again for a second.
/// </summary>
public sealed class QueryCount : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<IDisposable> _subscriptions = [];
    private int _count;

    /// <summary>Starts listening.</summary>
    public QueryCount() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>The number of commands that <paramref name="action"/> sends.</summary>
    public int Of(Action action)
    {
        _count = 0;
        action();
        return _count;
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

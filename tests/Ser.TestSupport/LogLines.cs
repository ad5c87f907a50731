using Microsoft.Extensions.Logging;

namespace Ser.TestSupport;

/// <summary>Keeps what is logged, from the level information.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];

    /// <summary>Every line, with its exception.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The lines of the levels error and critical.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_lines)
            {
                return [.. _errors];
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string line = $"{formatter(state, exception)} {exception}";
        lock (_lines)
        {
            _lines.Add(line);
            if (logLevel >= LogLevel.Error)
            {
                _errors.Add(line);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

using System.Globalization;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>The last log lines of an attempt, each with the worker's UTC time. Thread-safe.</summary>
public sealed class JobLog(TimeProvider clock)
{
    private const int MaxLines = 200;
    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();
    private bool _changed;

    /// <summary>Adds a line, or several where the text has line breaks.</summary>
    public void Add(string text)
    {
        string time = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z '", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            foreach (string line in text.TrimEnd().Split('\n'))
            {
                _lines.Enqueue(time + line.TrimEnd());
                if (_lines.Count > MaxLines)
                {
                    _lines.Dequeue();
                }
            }

            _changed = true;
        }
    }

    /// <summary>Adds a line with the figures of an epoch that has ended.</summary>
    public void Add(EpochPoint point)
    {
        var (wa, ua) = (100 * point.ValidationWa, 100 * point.ValidationUa);
        string validation = FormattableString.Invariant($"validation WA {wa:0.0} %, UA {ua:0.0} %");
        string rest = FormattableString.Invariant($"learning rate {point.LearningRate:g3}, {point.ResidentBytes >> 20} MiB");
        Add(FormattableString.Invariant($"epoch {point.Epoch}: loss {point.Loss:0.0000}, {validation}, {rest}"));
    }

    /// <summary>All lines that are kept if any was added since the last call; null otherwise.</summary>
    public string? TakeChanges()
    {
        lock (_gate)
        {
            bool hadChanged = _changed;
            _changed = false;
            return hadChanged ? string.Join('\n', _lines) : null;
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines);
        }
    }
}

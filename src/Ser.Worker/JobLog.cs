using System.Globalization;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>The last lines of what an attempt says of itself, with the worker's times. Safe from several threads.</summary>
public sealed class JobLog(TimeProvider clock)
{
    private const int Most = 200;
    private readonly Queue<string> lines = new();
    private readonly Lock one = new();
    private bool changed;

    /// <summary>Adds a line; of a text of several, each.</summary>
    public void Add(string text)
    {
        string time = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z '", CultureInfo.InvariantCulture);
        lock (one)
        {
            foreach (string line in text.TrimEnd().Split('\n'))
            {
                lines.Enqueue(time + line.TrimEnd());
                if (lines.Count > Most)
                {
                    lines.Dequeue();
                }
            }

            changed = true;
        }
    }

    /// <summary>An epoch has ended.</summary>
    public void Add(EpochPoint point) => Add(FormattableString.Invariant(
        $"epoch {point.Epoch}: loss {point.Loss:0.0000}, validation WA {100 * point.ValidationWa:0.0} %, UA {100 * point.ValidationUa:0.0} %, learning rate {point.LearningRate:g3}, {point.ResidentBytes >> 20} MiB"));

    /// <summary>All that is kept, where something was added since this was last asked; null otherwise.</summary>
    public string? News()
    {
        lock (one)
        {
            bool news = changed;
            changed = false;
            return news ? string.Join('\n', lines) : null;
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (one)
        {
            return string.Join('\n', lines);
        }
    }
}

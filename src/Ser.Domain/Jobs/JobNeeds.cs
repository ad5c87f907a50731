using System.Text.Json;

namespace Ser.Domain.Jobs;

/// <summary>What a job needs of its worker.</summary>
/// <param name="Device">cpu or cuda; null for either.</param>
/// <param name="MemoryGiB">Memory of the GPU, or of the machine if it has none, in GiB; 0 for any.</param>
/// <param name="Labels">Labels that the worker must have.</param>
public sealed record JobNeeds(string? Device, double MemoryGiB, IReadOnlyList<string> Labels)
{
    /// <summary>No particular needs.</summary>
    public static JobNeeds None { get; } = new(null, 0, []);

    /// <summary>Whether every worker meets these needs.</summary>
    public bool IsNone => Device is null && MemoryGiB == 0 && Labels.Count == 0;

    /// <summary>Whether a worker meets these needs.</summary>
    public bool AreMetBy(WorkerCapabilities worker) =>
        (Device is null || Device == worker.Device) && MemoryGiB <= worker.MemoryGiB && Labels.All(label => worker.Labels.Contains(label));

    /// <summary>Writes the needs as text. Equal needs have equal text, whatever the order of their labels.</summary>
    public string ToText() => JsonSerializer.Serialize(this with { Labels = [.. Labels.Distinct().Order(StringComparer.Ordinal)] });

    /// <summary>Reads what <see cref="ToText"/> has written.</summary>
    public static JobNeeds FromText(string text) => JsonSerializer.Deserialize<JobNeeds>(text) ?? None;
}

/// <summary>What a worker is capable of, for comparison with the needs of jobs.</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="MemoryGiB">Memory of the GPU, or of the machine if it has none, in GiB.</param>
/// <param name="Labels">Labels that its operator has given it.</param>
public sealed record WorkerCapabilities(string Device, double MemoryGiB, IReadOnlyList<string> Labels);

using System.Text.Json;

namespace Ser.Domain.Jobs;

/// <summary>What a job needs of the worker that runs it.</summary>
/// <param name="Device">cpu or cuda; null: either.</param>
/// <param name="MemoryGiB">Memory of the device, or of the machine where there is none, in GiB; 0: any.</param>
/// <param name="Labels">Labels that the worker must have, in order.</param>
public sealed record JobNeeds(string? Device, double MemoryGiB, IReadOnlyList<string> Labels)
{
    /// <summary>Nothing in particular.</summary>
    public static JobNeeds None { get; } = new(null, 0, []);

    /// <summary>Whether any worker will do.</summary>
    public bool IsNone => Device is null && MemoryGiB == 0 && Labels.Count == 0;

    /// <summary>Whether a worker has it all.</summary>
    public bool MetBy(WorkerAbility worker) =>
        (Device is null || Device == worker.Device) && MemoryGiB <= worker.MemoryGiB && Labels.All(label => worker.Labels.Contains(label));

    /// <summary>Equal needs have equal texts.</summary>
    public string ToText() => JsonSerializer.Serialize(this with { Labels = [.. Labels.Distinct().Order(StringComparer.Ordinal)] });

    /// <summary>The inverse of <see cref="ToText"/>.</summary>
    public static JobNeeds FromText(string text) => JsonSerializer.Deserialize<JobNeeds>(text) ?? None;
}

/// <summary>What a worker has to offer.</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="MemoryGiB">Memory of the device, or of the machine where it has none, in GiB.</param>
/// <param name="Labels">What its operator says of it.</param>
public sealed record WorkerAbility(string Device, double MemoryGiB, IReadOnlyList<string> Labels);

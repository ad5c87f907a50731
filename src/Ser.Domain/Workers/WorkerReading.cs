namespace Ser.Domain.Workers;

/// <summary>What a worker reads off its machine.</summary>
/// <param name="ResidentBytes">Memory of its process.</param>
/// <param name="Epochs">Epochs that it has trained since it started.</param>
/// <param name="GpuBytes">Memory of its GPU in use, by whomever; null: it has none, or the driver does not tell.</param>
/// <param name="GpuUtilisation">Share of the last second in which its GPU was busy, 0 to 1; null as above.</param>
public sealed record WorkerReading(long ResidentBytes, long Epochs, long? GpuBytes, double? GpuUtilisation);

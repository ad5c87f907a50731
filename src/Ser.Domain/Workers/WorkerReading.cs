namespace Ser.Domain.Workers;

/// <summary>Resource usage of a worker.</summary>
/// <param name="ResidentBytes">Resident memory of its process.</param>
/// <param name="Epochs">Number of epochs that it has trained since it started.</param>
/// <param name="GpuBytes">Used memory of its GPU, by all processes; null if it has no GPU or the driver does not report it.</param>
/// <param name="GpuUtilisation">Share of the last second in which its GPU was busy, from 0 to 1; null as above.</param>
public sealed record WorkerReading(long ResidentBytes, long Epochs, long? GpuBytes, double? GpuUtilisation);

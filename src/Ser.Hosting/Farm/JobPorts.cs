using Ser.Domain.Jobs;

namespace Ser.Hosting.Farm;

/// <summary>Both sides of one job store.</summary>
/// <param name="Store">What changes it.</param>
/// <param name="Reads">What can be seen of it.</param>
public sealed record JobPorts(IJobStore Store, IJobReads Reads);

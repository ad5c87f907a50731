namespace Ser.Domain.Jobs;

/// <summary>Sweeps that are submitted on a schedule. <see cref="IJobReads.Schedules"/> reads them.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface ISweepSchedules
{
    /// <summary>Stores a schedule. It replaces a schedule of the same name.</summary>
    void Schedule(SweepSchedule schedule);

    /// <summary>Deletes a schedule. Sweeps that it has submitted stay.</summary>
    /// <returns>Whether there was one.</returns>
    bool Unschedule(string name);
}

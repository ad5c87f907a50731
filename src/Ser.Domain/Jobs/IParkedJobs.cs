namespace Ser.Domain.Jobs;

/// <summary>The part of the job queue for successive halving: jobs whose attempt stopped at an epoch where arms are compared.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IParkedJobs
{
    /// <summary>Promotes those of these jobs that are parked, and clears their elimination.</summary>
    /// <param name="jobIds">Jobs.</param>
    /// <param name="rung">Number of the next rung, at which they park again; <see cref="int.MaxValue"/> lets them run to the end.</param>
    /// <returns>Number of promoted jobs.</returns>
    int Promote(IReadOnlyCollection<string> jobIds, int rung);

    /// <summary>
    /// Marks those of these jobs that are parked as eliminated by successive halving. They stay parked until promoted by a user.
    /// </summary>
    /// <param name="jobIds">Jobs.</param>
    /// <param name="why">Result of the comparison, for display.</param>
    void Eliminate(IReadOnlyCollection<string> jobIds, string why);
}

using Ser.Domain.Jobs;

namespace Ser.Storage.Messages;

/// <summary>A job may be claimed. An offer only wakes a worker: the store decides which job the worker gets.</summary>
/// <param name="JobId">The job that was ready.</param>
public sealed record JobOffered(string JobId);

/// <summary>
/// A worker has free slots and found nothing to claim. Repeated while they stay free, so that lost offers are sent again.
/// </summary>
/// <param name="Request">The claim that found nothing, without the list of local inputs. Only jobs that match it are offered.</param>
/// <param name="Slots">Number of free slots.</param>
public sealed record SlotsFree(ClaimRequest Request, int Slots);

/// <summary>An attempt's result is published and recorded as complete.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The attempt.</param>
public sealed record AttemptCompleted(string JobId, int Attempt);

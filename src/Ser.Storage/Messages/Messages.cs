using Ser.Domain.Jobs;

namespace Ser.Storage.Messages;

/// <summary>A job may be claimed. An offer wakes a worker and promises nothing: the store decides which job it gets.</summary>
/// <param name="JobId">The job that was ready.</param>
public sealed record JobOffered(string JobId);

/// <summary>A worker has free slots and found nothing to claim. Said again while they stay free, so that lost offers are made again.</summary>
/// <param name="Request">What it asked the store for, without what it holds: it is offered what it may take.</param>
/// <param name="Slots">How many.</param>
public sealed record SlotsFree(ClaimRequest Request, int Slots);

/// <summary>An attempt's result is published and recorded as offered.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The attempt.</param>
public sealed record ResultOffered(string JobId, int Attempt);

namespace Ser.Hosting.Messages;

/// <summary>A job may be claimed. An offer wakes a worker and promises nothing: the store decides which job it gets.</summary>
/// <param name="JobId">The job that was ready.</param>
public sealed record JobOffered(string JobId);

/// <summary>A worker has free slots. Said again while they stay free, so that lost offers are made again.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Slots">How many.</param>
/// <param name="Sweep">The only sweep whose jobs it runs; null: any.</param>
public sealed record SlotsFree(string Worker, int Slots, string? Sweep);

/// <summary>An attempt's result is published and recorded as offered.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The attempt.</param>
public sealed record ResultOffered(string JobId, int Attempt);

namespace Ser.Storage.Jobs;

/// <summary>Durations of leases, in seconds on the database's clock.</summary>
/// <param name="Length">How long a lease lasts without renewal.</param>
/// <param name="PulseGap">
/// After a longer pause between pulses the store is taken to have been unavailable, so that no worker could renew.
/// </param>
public sealed record LeaseSettings(double Length = 8, double PulseGap = 4);

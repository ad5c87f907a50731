namespace Ser.Storage.Jobs;

/// <summary>Durations of leases, in seconds on the database's clock.</summary>
/// <param name="Seconds">How long a lease lasts without renewal.</param>
/// <param name="PulseGapSeconds">
/// After a longer pause between pulses the store is taken to have been unavailable, so that no worker could renew.
/// </param>
public sealed record LeaseSettings(double Seconds = 8, double PulseGapSeconds = 4);

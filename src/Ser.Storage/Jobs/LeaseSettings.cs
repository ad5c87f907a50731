namespace Ser.Storage.Jobs;

/// <summary>Times of leases, in seconds on the database's clock.</summary>
/// <param name="Length">How long a lease lasts without a renewal.</param>
/// <param name="PulseGap">A pause between pulses from which on nobody is taken to have been able to renew.</param>
public sealed record LeaseSettings(double Length = 8, double PulseGap = 4);

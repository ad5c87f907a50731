using Ser.Domain;
using Ser.Domain.Workers;
using Ser.Storage.Jobs;

namespace Ser.Storage.Workers;

/// <summary>Intervals and limits of a worker, configured as Worker:Timings. Each is a duration, such as 1s or 0.5m.</summary>
public sealed record WorkerTimings
{
    /// <summary>
    /// Time between two requests of a slot for which there is no job. The scheduler's OfferLifetime has to be shorter and its
    /// FreeSlotLifetime longer.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Time between two renewals of a lease, and between two checks for a stalled attempt. A lease lasts several renewals.
    /// </summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two heartbeats. A worker counts as alive for <see cref="WorkerInfo.AliveWindow"/> after each.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Time between two readings of memory and GPU, sent with a heartbeat. Reading the GPU starts a tool of the driver, which takes too
    /// long for every heartbeat.
    /// </summary>
    public TimeSpan ReadingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Time for which registration is retried while another worker has the name. The name of a worker that crashed becomes free after
    /// <see cref="WorkerInfo.AliveWindow"/>.
    /// </summary>
    public TimeSpan RegistrationTimeout { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>A timing with its name in the configuration.</summary>
    public static Timing Named(string name, TimeSpan value) => new($"Worker:Timings:{name}", value);

    /// <summary>Rules between timings that do not hold.</summary>
    public IEnumerable<string> FindProblems(LeaseSettings leases)
    {
        var lease = new Timing("the length of a lease", TimeSpan.FromSeconds(leases.Seconds));
        var alive = new Timing("the time for which a silent worker counts as alive", WorkerInfo.AliveWindow);
        var reading = Named(nameof(ReadingInterval), ReadingInterval);
        var heartbeat = Named(nameof(HeartbeatInterval), HeartbeatInterval);
        string?[] problems =
        [
            Named(nameof(RenewalInterval), RenewalInterval).RequireShorterThan(lease, "one late renewal would lose the lease", times: 2),
            heartbeat.RequireShorterThan(alive, "one late heartbeat would make the worker count as dead", times: 2),
            alive.RequireShorterThan(
                Named(nameof(RegistrationTimeout), RegistrationTimeout),
                "a worker that crashed could not be restarted under its name"),
            ReadingInterval < HeartbeatInterval
                ? $"{reading} must not be shorter than {heartbeat}: readings are sent with heartbeats"
                : null,
        ];
        return problems.OfType<string>();
    }
}

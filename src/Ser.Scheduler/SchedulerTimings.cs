using Ser.Domain;
using Ser.Storage.Jobs;

namespace Ser.Scheduler;

/// <summary>Intervals and limits of a scheduler, configured as Scheduler:Timings. Each is a duration, such as 0.2s or 10m.</summary>
public sealed record SchedulerTimings
{
    /// <summary>
    /// Time between two rounds of the maintenance, which also records the scheduler's pulse. A pause between pulses that is longer than
    /// the pulse gap of <see cref="LeaseSettings"/> counts as an outage, during which no lease expires.
    /// </summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Time for which an offered job is not offered again, because its claim may be on the way. Shorter than the worker's PollInterval.
    /// </summary>
    public TimeSpan OfferLifetime { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Time for which the ids of claimable jobs that were read ahead are used before they are read again.</summary>
    public TimeSpan ReadAheadLifetime { get; init; } = TimeSpan.FromSeconds(0.05);

    /// <summary>
    /// Time for which a slot without a job is remembered. Longer than the worker's PollInterval, so that it lasts until the slot's next
    /// request.
    /// </summary>
    public TimeSpan FreeSlotLifetime { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Time for which completed results are collected before they are verified together.</summary>
    public TimeSpan AcceptanceDelay { get; init; } = TimeSpan.FromSeconds(0.05);

    /// <summary>Time between two checks of the workers; a multiple of <see cref="MaintenanceInterval"/>.</summary>
    public TimeSpan QuarantineInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Faults older than this do not lead to a quarantine.</summary>
    public TimeSpan QuarantineWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Delay before work that failed is tried again. It is doubled with every failure, up to <see cref="FailureMaxDelay"/>.
    /// </summary>
    public TimeSpan FailureFirstDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest delay before work that failed is tried again.</summary>
    public TimeSpan FailureMaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A result that cannot be read for this long, while the store answers otherwise, is refused, and its job runs again without a charge.
    /// </summary>
    public TimeSpan UnreadableResultLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time between two checks for sweeps whose end webhooks are to be notified of.</summary>
    public TimeSpan WebhookInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Limit of one request to a webhook.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Delay that is doubled with every failed notification of a webhook, up to <see cref="WebhookMaxDelay"/>.</summary>
    public TimeSpan WebhookFirstDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest delay between two notifications of a webhook.</summary>
    public TimeSpan WebhookMaxDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A notification that has failed for this long is given up.</summary>
    public TimeSpan WebhookGiveUpAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Time between two comparisons of the recurring jobs with the stored schedules.</summary>
    public TimeSpan RecurringRegistrationInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two checks for recurring jobs that are due.</summary>
    public TimeSpan RecurringPollInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Limit for a running recurring job to end when the scheduler stops.</summary>
    public TimeSpan RecurringShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two checks for changes of a sweep whose events are streamed.</summary>
    public TimeSpan SweepEventInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Limit for each part that a readiness check asks.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rules between timings that do not hold.</summary>
    /// <param name="leases">Durations of leases.</param>
    /// <param name="poll">The PollInterval of the workers.</param>
    public IEnumerable<string> FindProblems(LeaseSettings leases, Timing poll)
    {
        var pulseGap = new Timing("the pulse gap", TimeSpan.FromSeconds(leases.PulseGapSeconds));
        var maintenance = Named(nameof(MaintenanceInterval), MaintenanceInterval);
        var quarantine = Named(nameof(QuarantineInterval), QuarantineInterval);
        var maxDelay = Named(nameof(WebhookMaxDelay), WebhookMaxDelay);
        var giveUp = Named(nameof(WebhookGiveUpAfter), WebhookGiveUpAfter);
        string?[] problems =
        [
            maintenance.RequireShorterThan(pulseGap, "one late round would count as an outage", times: 2),
            Named(nameof(OfferLifetime), OfferLifetime).RequireShorterThan(poll, "a lost offer would delay a job by several polls"),
            poll.RequireShorterThan(Named(nameof(FreeSlotLifetime), FreeSlotLifetime), "waiting slots would be forgotten between polls"),
            Named(nameof(WebhookFirstDelay), WebhookFirstDelay).RequireShorterThan(maxDelay, "the delays could not grow"),
            Named(nameof(FailureFirstDelay), FailureFirstDelay).RequireShorterThan(
                Named(nameof(FailureMaxDelay), FailureMaxDelay),
                "the delays could not grow"),
            maxDelay.RequireShorterThan(giveUp, "a webhook would be given up before its last try"),
            QuarantineInterval < MaintenanceInterval
                ? $"{quarantine} must not be shorter than {maintenance}: the workers are checked in rounds of the maintenance"
                : null,
        ];
        return problems.OfType<string>();
    }

    private static Timing Named(string name, TimeSpan value) => new($"Scheduler:Timings:{name}", value);
}

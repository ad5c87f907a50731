using Microsoft.Extensions.DependencyInjection;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Jobs;

/// <summary>
/// The ports of one job store, by role. For the composition of hosts and commands only: a consumer is handed the ports that it uses.
/// </summary>
/// <param name="Leases">For workers.</param>
/// <param name="Sweeps">For operators.</param>
/// <param name="Parked">For successive halving.</param>
/// <param name="Acceptance">For accepting results.</param>
/// <param name="Supervision">For the process that is responsible for all leases.</param>
/// <param name="Requests">For leaving and taking requests for a runner.</param>
/// <param name="Schedules">For scheduled sweeps.</param>
/// <param name="Audit">For recording actions.</param>
/// <param name="Notifications">For recording sent notifications.</param>
public sealed record JobPorts(
    IJobLeases Leases,
    ISweepCommands Sweeps,
    IParkedJobs Parked,
    IResultAcceptance Acceptance,
    ILeaseSupervision Supervision,
    IRunnerRequests Requests,
    ISweepSchedules Schedules,
    IAuditLog Audit,
    ISweepNotifications Notifications)
{
    /// <summary>Creates the ports of the job store in a database.</summary>
    internal static JobPorts Create(JobDatabase database, LeaseSettings? leases = null)
    {
        var store = new JobStore(database, leases ?? new LeaseSettings());
        return new JobPorts(store, store, store, store, store, store, store, store, store);
    }

    /// <summary>Registers each port.</summary>
    public void Register(IServiceCollection services) => services
        .AddSingleton(Leases)
        .AddSingleton<ICheckpointReads>(Leases)
        .AddSingleton(Sweeps)
        .AddSingleton(Parked)
        .AddSingleton(Acceptance)
        .AddSingleton(Supervision)
        .AddSingleton(Requests)
        .AddSingleton(Schedules)
        .AddSingleton(Audit)
        .AddSingleton(Notifications);
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Ser.Stages;

namespace Ser.Server.Hosts;

/// <summary>A worker that shares the scheduler's process. This project has no libtorch, so its caller supplies the worker.</summary>
/// <param name="Name">Name of the worker.</param>
/// <param name="Machine">What this machine can compute with; the dashboard in the same process plans experiments for it.</param>
/// <param name="AddServices">Adds the worker to the services of the host.</param>
/// <param name="AddConsumers">Adds the worker's message consumers.</param>
/// <param name="FindTasks">Returns how the worker can end, from the services of the host.</param>
internal sealed record HostedWorker(
    string Name,
    MachineCapabilities Machine,
    Action<IServiceCollection> AddServices,
    Action<IBusRegistrationConfigurator> AddConsumers,
    Func<IServiceProvider, WorkerTasks> FindTasks);

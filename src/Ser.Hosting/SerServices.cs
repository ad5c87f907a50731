using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Hosting.Data;

namespace Ser.Hosting;

/// <summary>The composition root: the only place that knows the mode.</summary>
public static class SerServices
{
    /// <summary>Embedded: jobs in SQLite and artifacts in files of one data folder, messages in memory.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="data">Opened as its runner.</param>
    /// <param name="consumers">Registers what the host's roles answer.</param>
    public static IServiceCollection AddSer(this IServiceCollection services, DataFolder data, Action<IBusRegistrationConfigurator> consumers)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(data.Jobs);
        services.AddSingleton(data.Reads);
        services.AddSingleton(data.Artifacts);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            consumers(bus);
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(5)); // a checkpoint of a large model takes its time
        return services;
    }
}

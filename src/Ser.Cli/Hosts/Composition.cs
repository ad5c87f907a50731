using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ser.Domain;
using Ser.Hosting;
using Ser.Hosting.Data;
using Ser.Scheduler;

namespace Ser.Cli.Hosts;

/// <summary>Where a host's jobs, artifacts and messages are. The mode is read here and nowhere else.</summary>
internal sealed class Composition : IDisposable
{
    private static readonly string[] FarmSections = ["Postgres", "RabbitMq", "S3"];
    private readonly DataFolder data;

    private Composition(DataFolder data) => this.data = data;

    /// <summary>Local folder of results in the making.</summary>
    internal string Work => data.Work;

    /// <summary>Local folder of what jobs share.</summary>
    internal string Cache => data.Cache;

    /// <exception cref="InputException">The folder has another runner, or the farm's settings are wrong.</exception>
    internal static Composition Open(IConfiguration configuration, string dataFolder, string command)
    {
        if (FarmSections.FirstOrDefault(section => configuration.GetSection(section).Exists()) is { } farm)
        {
            throw new InputException($"the setting {farm} is of a farm, which this version cannot join yet: leave it out, and the data folder is used");
        }

        return new Composition(DataFolder.OpenAsRunner(dataFolder, command));
    }

    /// <summary>Stores and messages.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="consumers">Registers what the host's roles answer.</param>
    internal void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) => services.AddSer(data, consumers);

    /// <summary>What a worker needs beside itself: in a data folder nobody else would look at its results.</summary>
    internal void AddForWorker(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers)
    {
        AddTo(services, bus =>
        {
            bus.AddSchedulerConsumers();
            consumers(bus);
        });
        services.AddScheduler();
    }

    /// <inheritdoc/>
    public void Dispose() => data.Dispose();
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ser.Storage.Messages;

/// <summary>
/// How messages travel. Each kind of consumer has one queue, from which every process that answers takes: a message reaches one of them. Whatever fails or is not wanted is forgotten, since
/// the store is the truth and everything is said again.
/// </summary>
public static class Transports
{
    /// <summary>
    /// How long a message is worth reading, milliseconds: a worker says every second that it is free, and results are looked for without being announced. The broker refuses to open a queue
    /// that was declared otherwise: whoever changes this changes <see cref="Prefix"/> too.
    /// </summary>
    public const int Lifetime = 10_000;

    /// <summary>Beginning of the queues' names.</summary>
    public const string Prefix = "ser";

    // Messages are taken and acknowledged at once; a process that dies or hangs should hold few.
    private const int Prefetch = 4;

    /// <summary>Within this process.</summary>
    public static IServiceCollection AddMessagesInMemory(this IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) => services.AddMassTransit(bus =>
    {
        Configure(bus, consumers);
        bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
    });

    /// <summary>Over a broker: durable quorum queues. While it is away the bus tries to connect; the host starts and runs without it.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="broker">amqp:// or amqps:// with user, password and virtual host.</param>
    /// <param name="consumers">Registers what the host's roles answer.</param>
    public static IServiceCollection AddMessagesOverRabbitMq(this IServiceCollection services, Uri broker, Action<IBusRegistrationConfigurator> consumers) => services.AddMassTransit(bus =>
    {
        Configure(bus, consumers);
        bus.AddConfigureEndpointsCallback((_, endpoint) =>
        {
            var queue = (IRabbitMqReceiveEndpointConfigurator)endpoint;
            queue.SetQuorumQueue();
            queue.SetQueueArgument("x-message-ttl", Lifetime);
        });
        bus.UsingRabbitMq((context, rabbit) =>
        {
            bool secure = broker.Scheme == "amqps";
            string[] user = broker.UserInfo.Split(':', 2);
            string host = Uri.UnescapeDataString(broker.AbsolutePath.Trim('/'));
            rabbit.Host(broker.Host, (ushort)(broker.Port > 0 ? broker.Port : secure ? 5671 : 5672), host.Length > 0 ? host : "/", connection =>
            {
                connection.Username(user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "guest");
                connection.Password(user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "guest");
                connection.Heartbeat(TimeSpan.FromSeconds(10));
                if (secure)
                {
                    connection.UseSsl(ssl => ssl.ServerName = broker.Host);
                }
            });
            rabbit.PrefetchCount = Prefetch;
            rabbit.ConfigureEndpoints(context);
        });
    });

    private static void Configure(IBusRegistrationConfigurator bus, Action<IBusRegistrationConfigurator> consumers)
    {
        bus.DisableUsageTelemetry();
        bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(Prefix, includeNamespace: false));
        bus.AddConfigureEndpointsCallback((_, endpoint) =>
        {
            endpoint.DiscardFaultedMessages();
            endpoint.DiscardSkippedMessages();
        });
        consumers(bus);
    }
}

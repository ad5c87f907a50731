using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ser.Storage.Messages;

/// <summary>
/// The message transport. Each kind of consumer has one queue that all its processes share, so that a message reaches one of them. Failed
/// and unhandled messages are discarded: the store is authoritative, and every message is repeated.
/// </summary>
public static class MessageTransports
{
    /// <summary>
    /// Time to live of a message in milliseconds. Workers report free slots every second, and results are also found by polling. The broker
    /// refuses to open a queue that was declared with another value, so a change of this requires a change of <see cref="QueuePrefix"/>.
    /// </summary>
    public const int MessageTtlMilliseconds = 10_000;

    /// <summary>Prefix of the names of queues.</summary>
    public const string QueuePrefix = "ser";

    // Messages are acknowledged at once; a process that dies or hangs should hold few.
    private const int Prefetch = 4;

    /// <summary>Adds a transport within this process.</summary>
    public static IServiceCollection AddMessagesInMemory(
        this IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) => services.AddMassTransit(bus =>
        {
            Configure(bus, consumers);
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });

    /// <summary>
    /// Adds RabbitMQ with durable quorum queues. The host starts and runs while the broker is unavailable; the bus keeps reconnecting.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="broker">amqp:// or amqps:// with user, password and virtual host.</param>
    /// <param name="consumers">Registers the message consumers of the host's roles.</param>
    public static IServiceCollection AddMessagesOverRabbitMq(
        this IServiceCollection services, Uri broker, Action<IBusRegistrationConfigurator> consumers) => services.AddMassTransit(bus =>
        {
            Configure(bus, consumers);
            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                var queue = (IRabbitMqReceiveEndpointConfigurator)endpoint;
                queue.SetQuorumQueue();
                queue.SetQueueArgument("x-message-ttl", MessageTtlMilliseconds);
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                ConfigureHost(rabbit, broker);
                rabbit.PrefetchCount = Prefetch;
                rabbit.ConfigureEndpoints(context);
            });
        });

    private static void ConfigureHost(IRabbitMqBusFactoryConfigurator rabbit, Uri broker)
    {
        bool secure = broker.Scheme == "amqps";
        int port = broker.Port > 0 ? broker.Port : secure ? 5671 : 5672;
        string path = Uri.UnescapeDataString(broker.AbsolutePath.Trim('/'));
        string virtualHost = path.Length > 0 ? path : "/";
        string[] user = broker.UserInfo.Split(':', 2);
        rabbit.Host(broker.Host, (ushort)port, virtualHost, connection =>
        {
            connection.Username(user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "guest");
            connection.Password(user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "guest");
            connection.Heartbeat(TimeSpan.FromSeconds(10));
            if (secure)
            {
                connection.UseSsl(ssl => ssl.ServerName = broker.Host);
            }
        });
    }

    private static void Configure(IBusRegistrationConfigurator bus, Action<IBusRegistrationConfigurator> consumers)
    {
        bus.DisableUsageTelemetry();
        bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(QueuePrefix, includeNamespace: false));
        bus.AddConfigureEndpointsCallback((_, endpoint) =>
        {
            endpoint.DiscardFaultedMessages();
            endpoint.DiscardSkippedMessages();
        });
        consumers(bus);
    }
}

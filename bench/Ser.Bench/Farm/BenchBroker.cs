using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ser.Domain;

namespace Ser.Bench.Farm;

/// <summary>A broker lent for measuring: nobody else may listen there, and the queues of the measurement go when this is disposed.</summary>
public sealed class BenchBroker : IDisposable
{
    private readonly IConnection connection;
    private readonly IReadOnlyList<string> queues;

    /// <summary>Looks whether it is free.</summary>
    /// <param name="broker">amqp:// or amqps:// with user, password and virtual host.</param>
    /// <param name="queues">Names of the queues that will be made.</param>
    /// <exception cref="InputException">Somebody takes from such a queue.</exception>
    /// <exception cref="StorageException">The broker does not let us in.</exception>
    public BenchBroker(Uri broker, IReadOnlyList<string> queues)
    {
        this.queues = queues;
        try
        {
            connection = new ConnectionFactory { Uri = broker }.CreateConnectionAsync("ser bench").GetAwaiter().GetResult();
        }
        catch (Exception away) when (away is BrokerUnreachableException or RabbitMQClientException or IOException)
        {
            throw new StorageException($"RabbitMQ at {broker.Host} does not answer, or refuses user or password.", away);
        }

        if (queues.FirstOrDefault(queue => Listeners(queue) > 0) is { } taken)
        {
            connection.Dispose();
            throw new InputException($"A farm works on RabbitMQ at {broker.Host} (somebody takes from {taken}): give the bench a virtual host of its own, amqp://USER:PASSWORD@HOST:PORT/NAME.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string queue in queues)
        {
            using var channel = Channel();
            channel.QueueDeleteAsync(queue).GetAwaiter().GetResult();
        }

        connection.Dispose();
    }

    // A queue that is not there ends the channel.
    private uint Listeners(string queue)
    {
        using var channel = Channel();
        try
        {
            return channel.QueueDeclarePassiveAsync(queue).GetAwaiter().GetResult().ConsumerCount;
        }
        catch (OperationInterruptedException)
        {
            return 0;
        }
    }

    private IChannel Channel() => connection.CreateChannelAsync().GetAwaiter().GetResult();
}

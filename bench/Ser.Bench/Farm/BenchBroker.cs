using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ser.Domain;

namespace Ser.Bench.Farm;

/// <summary>A broker used for a benchmark. It must have no other consumers; the queues of the benchmark are deleted on disposal.</summary>
public sealed class BenchBroker : IDisposable
{
    private readonly IConnection _connection;
    private readonly IReadOnlyList<string> _queues;

    /// <summary>Connects, and checks that the queues have no consumers.</summary>
    /// <param name="broker">amqp:// or amqps:// with user, password and virtual host.</param>
    /// <param name="queues">Names of the queues that the benchmark will create.</param>
    /// <exception cref="InputException">One of the queues has a consumer.</exception>
    /// <exception cref="StorageException">The broker is unreachable or refuses the connection.</exception>
    public BenchBroker(Uri broker, IReadOnlyList<string> queues)
    {
        _queues = queues;
        try
        {
            _connection = new ConnectionFactory { Uri = broker }.CreateConnectionAsync("ser bench").GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is BrokerUnreachableException or RabbitMQClientException or IOException)
        {
            throw new StorageException($"RabbitMQ at {broker.Host} does not answer, or refuses user or password.", problem);
        }

        if (queues.FirstOrDefault(queue => ConsumerCount(queue) > 0) is { } usedQueue)
        {
            _connection.Dispose();
            throw new InputException(
                $"RabbitMQ at {broker.Host} is in use by a farm (the queue {usedQueue} has consumers): "
                + "give the bench a virtual host of its own, amqp://USER:PASSWORD@HOST:PORT/NAME.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string queue in _queues)
        {
            using var channel = CreateChannel();
            channel.QueueDeleteAsync(queue).GetAwaiter().GetResult();
        }

        _connection.Dispose();
    }

    // RabbitMQ closes the channel when the queue does not exist, hence a new channel for each.
    private uint ConsumerCount(string queue)
    {
        using var channel = CreateChannel();
        try
        {
            return channel.QueueDeclarePassiveAsync(queue).GetAwaiter().GetResult().ConsumerCount;
        }
        catch (OperationInterruptedException)
        {
            return 0;
        }
    }

    private IChannel CreateChannel() => _connection.CreateChannelAsync().GetAwaiter().GetResult();
}

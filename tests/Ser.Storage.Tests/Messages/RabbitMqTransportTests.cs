using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ser.Domain.Jobs;
using Ser.Scheduler;
using Ser.Storage.Messages;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Messages;

/// <summary>The conformance suite on a real broker, and the failures that only a broker has.</summary>
[Collection(TestServers.Broker)]
public sealed class RabbitMqTransportTests : TransportConformance
{
    private const string Offers = "ser-offer-listener", Slots = "ser-dispatcher", Results = "ser-result-listener";

    private Uri? _broker;
    private IConnection? _connection;

    protected override int Processes => 3;

    public override async ValueTask InitializeAsync()
    {
        _broker = TestServers.RabbitMq();
        _connection = await new ConnectionFactory { Uri = _broker }.CreateConnectionAsync();
        await DeleteQueuesAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_connection is not null)
        {
            await DeleteQueuesAsync();
            await _connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Queues_are_durable_replicated_and_forget_what_is_old()
    {
        await StartAsync(1, new ReceivedMessages(), bus => bus.AddConsumer<OfferListener>());
        await using var channel = await _connection!.CreateChannelAsync();

        // The broker refuses to declare a queue again with other arguments.
        await DeclareAsync(new() { ["x-queue-type"] = "quorum", ["x-message-ttl"] = MessageTransports.MessageTtlMilliseconds });
        var refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => DeclareAsync(new() { ["x-queue-type"] = "quorum" }));
        Assert.Contains("x-message-ttl", refused.Message, StringComparison.Ordinal);
        Task DeclareAsync(Dictionary<string, object?> arguments) =>
            channel.QueueDeclareAsync(Offers, durable: true, exclusive: false, autoDelete: false, arguments);
    }

    [Fact]
    public async Task What_cannot_be_handled_is_in_no_queue()
    {
        var received = new ReceivedMessages();
        var buses = await StartAsync(1, received, bus => bus.AddConsumer<OfferListener>());
        await buses[0].Publish(new JobOffered(OfferListener.Poison));
        await buses[0].Publish(new JobOffered("next"));
        await received.WaitForAsync(2);
        await StopAllAsync();

        await using var channel = await _connection!.CreateChannelAsync();
        Assert.Equal(0u, (await channel.QueueDeclarePassiveAsync(Offers)).MessageCount);
        var missing = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclarePassiveAsync($"{Offers}_error"));
        Assert.Equal(404, missing.ShutdownReason!.ReplyCode);
    }

    [Fact]
    public async Task What_a_worker_had_taken_when_it_died_goes_to_another()
    {
        var received = new ReceivedMessages();
        await StartAsync(1, received, bus => bus.AddConsumer<OfferListener>());
        await StopAllAsync();
        var publisher = await StartAsync(1, received, _ => { });
        await publisher[0].Publish(new JobOffered("job"));
        var dying = await new ConnectionFactory { Uri = _broker! }.CreateConnectionAsync();
        var channel = await dying.CreateChannelAsync();
        BasicGetResult? taken = null;
        while (taken is null)
        {
            taken = await channel.BasicGetAsync(Offers, autoAck: false);
        }

        Assert.Empty(received.All);
        await dying.AbortAsync();
        await StartAsync(1, received, bus => bus.AddConsumer<OfferListener>());
        await received.WaitForAsync(1);

        Assert.Equal("job", received.All[0].What);
    }

    [Fact]
    public async Task After_a_purge_a_slot_that_is_reported_free_again_gets_its_offer()
    {
        var received = new ReceivedMessages();
        var reads = Submitted("A");
        Task SchedulerAsync() => StartAsync(
            1,
            received,
            bus =>
            {
                bus.AddConsumer<Dispatcher>();
                bus.AddConsumer<OfferListener>();
            },
            services => services.AddSingleton(reads).AddSingleton(new FreeSlots(reads, new SchedulerTimings(), TimeProvider.System)));
        await SchedulerAsync();
        await StopAllAsync();
        var worker = await StartAsync(1, received, _ => { });
        await worker[0].Publish(Free(1));
        await using var channel = await _connection!.CreateChannelAsync();
        uint purged = 0;
        while (purged == 0)
        {
            purged = await channel.QueuePurgeAsync(Slots);
        }

        await SchedulerAsync();
        Assert.Empty(received.All);
        await worker[0].Publish(Free(1));
        await received.WaitForAsync(1);

        Assert.Equal(Plans.Id("Train", "A"), received.All.Single().What);
    }

    [Fact]
    public async Task A_broker_that_goes_away_does_not_block_senders_and_messages_flow_when_it_is_back()
    {
        var received = new ReceivedMessages();
        await using var wire = new CuttableProxy(_broker!.Host, _broker.Port);
        _broker = new UriBuilder(_broker) { Host = "127.0.0.1", Port = wire.Port }.Uri;
        var buses = await StartAsync(2, received, bus => bus.AddConsumer<OfferListener>());
        Assert.True(await buses[0].PublishBestEffortAsync(new JobOffered("before"), CancellationToken.None));
        await received.WaitForAsync(1);

        wire.Cut();
        var meanwhile = buses[0].PublishBestEffortAsync(new JobOffered("meanwhile"), CancellationToken.None);
        Assert.False(await meanwhile.WaitAsync(Patience));
        wire.Restore();

        using var patience = new CancellationTokenSource(Patience);
        while (!received.All.Any(one => one.What == "after"))
        {
            await buses[0].PublishBestEffortAsync(new JobOffered("after"), patience.Token);
        }
    }

    [Fact]
    public async Task A_host_starts_while_the_broker_is_away()
    {
        await using var wire = new CuttableProxy(_broker!.Host, _broker.Port);
        wire.Cut();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var broker = new UriBuilder(_broker) { Host = "127.0.0.1", Port = wire.Port }.Uri;
        builder.Services.AddMessagesOverRabbitMq(broker, bus => bus.AddConsumer<OfferListener>());
        var received = new ReceivedMessages();
        builder.Services.AddSingleton(received).AddSingleton(new Process("late"));
        using var host = builder.Build();
        await host.StartAsync().WaitAsync(Patience);
        var bus = host.Services.GetRequiredService<IBus>();
        Assert.False(await bus.PublishBestEffortAsync(new JobOffered("too early"), CancellationToken.None));
        wire.Restore();
        using var patience = new CancellationTokenSource(Patience);
        while (received.All.Count == 0)
        {
            await bus.PublishBestEffortAsync(new JobOffered("now"), patience.Token);
        }

        await host.StopAsync().WaitAsync(Patience);
    }

    protected override void AddTransport(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) =>
        services.AddMessagesOverRabbitMq(_broker!, consumers);

    private async Task DeleteQueuesAsync()
    {
        await using var channel = await _connection!.CreateChannelAsync();
        foreach (string queue in new[] { Offers, Slots, Results })
        {
            await channel.QueueDeleteAsync(queue);
        }
    }
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Ser.Storage.Messages;

namespace Ser.Storage.Tests.Messages;

/// <summary>The conformance suite within a process.</summary>
public sealed class InMemoryTransportTests : TransportConformance
{
    protected override int Processes => 1;

    protected override void AddTransport(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) =>
        services.AddMessagesInMemory(consumers);
}

using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Ser.Hosting.Messages;

namespace Ser.Hosting.Tests.Messages;

/// <summary>The conformance suite within a process.</summary>
public sealed class InMemoryTransportTests : TransportConformance
{
    protected override int Processes => 1;

    protected override void AddTransport(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) =>
        services.AddMessagesInMemory(consumers);
}

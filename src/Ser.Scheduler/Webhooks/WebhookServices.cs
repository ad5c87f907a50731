using Microsoft.Extensions.DependencyInjection;

namespace Ser.Scheduler.Webhooks;

/// <summary>Registers webhooks with a scheduler's host.</summary>
public static class WebhookServices
{
    /// <summary>Adds the service that notifies these webhooks.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IReadOnlyList<Webhook> hooks) =>
        services.AddSingleton(hooks).AddHostedService<Webhooks>();
}

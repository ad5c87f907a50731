using Microsoft.Extensions.DependencyInjection;

namespace Ser.Scheduler.Webhooks;

/// <summary>The webhooks' part of a scheduler's host.</summary>
public static class WebhookServices
{
    /// <summary>Tells these.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IReadOnlyList<Webhook> hooks) => services.AddSingleton(hooks).AddHostedService<Webhooks>();
}

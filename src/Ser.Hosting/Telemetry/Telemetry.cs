using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ser.Hosting.Telemetry;

/// <summary>Where traces go: to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, and nowhere without it.</summary>
public static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Traces of this host.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="role">scheduler or worker.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, string role)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)))
        {
            return services;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"ser-{role}", serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}"))
            .WithTracing(traces => traces.AddSource(Traces.Name, "MassTransit").AddAspNetCoreInstrumentation(http => http.Filter = context => context.Request.Path.StartsWithSegments("/api")))
            .UseOtlpExporter();
        return services;
    }
}

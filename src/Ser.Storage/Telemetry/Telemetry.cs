using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ser.Storage.Telemetry;

/// <summary>Where traces go: to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, and nowhere without it. The other OTEL_ variables mean what OpenTelemetry says.</summary>
public static class Telemetry
{
    private const string Variables = "OTEL_";
    private const string Endpoint = Variables + "EXPORTER_OTLP_ENDPOINT";

    /// <summary>Traces of this host.</summary>
    /// <param name="host">The host; its configuration is given the OTEL_ variables of the environment.</param>
    /// <param name="role">scheduler or worker.</param>
    public static void AddTelemetry(this IHostApplicationBuilder host, string role)
    {
        var said = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Where(variable => ((string)variable.Key).StartsWith(Variables, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
        if (string.IsNullOrEmpty(said.GetValueOrDefault(Endpoint)))
        {
            return;
        }

        host.Configuration.AddInMemoryCollection(said);
        host.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"ser-{role}", serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}"))
            .WithTracing(traces => traces.AddSource(Traces.Name, "MassTransit").AddAspNetCoreInstrumentation(http => http.Filter = context => context.Request.Path.StartsWithSegments("/api")))
            .UseOtlpExporter();
    }
}

using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ser.Storage.Telemetry;

/// <summary>
/// Exports traces to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; without it there are none. The other OTEL_ variables have their
/// standard meaning in OpenTelemetry.
/// </summary>
public static class Telemetry
{
    private const string VariablePrefix = "OTEL_";
    private const string Endpoint = VariablePrefix + "EXPORTER_OTLP_ENDPOINT";

    /// <summary>Enables the export of traces for a host.</summary>
    /// <param name="host">The host; its configuration is given the OTEL_ variables of the environment.</param>
    /// <param name="role">scheduler or worker.</param>
    public static void AddTelemetry(this IHostApplicationBuilder host, string role)
    {
        var variables = ReadVariables();
        if (string.IsNullOrEmpty(variables.GetValueOrDefault(Endpoint)))
        {
            return;
        }

        host.Configuration.AddInMemoryCollection(variables);
        string instance = $"{Environment.MachineName}/{Environment.ProcessId}";
        host.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"ser-{role}", serviceInstanceId: instance))
            .WithTracing(AddSources)
            .UseOtlpExporter();
    }

    private static Dictionary<string, string?> ReadVariables()
    {
        var all = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>();
        return all
            .Where(variable => ((string)variable.Key).StartsWith(VariablePrefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
    }

    private static void AddSources(TracerProviderBuilder traces) => traces
        .AddSource(Traces.SourceName, "MassTransit")
        .AddAspNetCoreInstrumentation(http => http.Filter = context => context.Request.Path.StartsWithSegments("/api"));
}

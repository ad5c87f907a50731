using System.Reflection;
using Hangfire;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Ser.Authentication;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Workers;
using Ser.Scheduler.Authentication;
using Ser.Storage.Workers;

namespace Ser.Scheduler.Api;

/// <summary>Configures the scheduler's REST API: authentication, then the endpoints, which have one class for each resource.</summary>
public static class SerApi
{
    // An upload that was not written to for this long belongs to a process that has ended.
    private static readonly TimeSpan AbandonedUploadAge = TimeSpan.FromHours(1);

    private const long MaxRequestBytes = 1 << 20;

    /// <summary>Configures the server and the services of the API.</summary>
    /// <exception cref="InputException">Other machines could reach the scheduler while no token exists.</exception>
    public static void UseSerApi(this WebApplicationBuilder builder, ApiSettings settings, TokenFile tokens)
    {
        if (!settings.IsLoopback && tokens.All().Count == 0)
        {
            throw new InputException(
                $"the scheduler would accept requests on {string.Join(", ", settings.Listen)} without authentication, "
                + $"because there is no token in {tokens.Path}: create one (ser token create --role operator), "
                + "or listen on this machine only (--listen http://127.0.0.1:5090)");
        }

        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.MinRequestBodyDataRate = null; // allows uploads over slow connections
            kestrel.Listen(settings.Listen, settings.Certificate, settings.Key);
        });
        builder.Services.AddRouting()
            .AddSingleton(settings)
            .AddSingleton(tokens)
            .AddSingleton(new InputStore(settings.Inputs))
            .AddSingleton<RemoteSubmission>()
            .AddSingleton<ReadinessCheck>()
            .AddSingleton<AuthenticationMiddleware>()
            .AddSingleton<AuditTrail>()
            .AddSingleton<ProblemDetailsMiddleware>()
            .AddRequestDecompression()
            .AddResponseCompression()
            .AddProblemDetails()
            .AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "ser";
                document.Info.Version = ApiProtocol.Version;
                document.Servers = [];
                return Task.CompletedTask;
            }))
            .Configure<JsonOptions>(json =>
            {
                json.SerializerOptions.PropertyNamingPolicy = ApiJson.Options.PropertyNamingPolicy;
                json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Options.DefaultIgnoreCondition;
                foreach (var converter in ApiJson.Options.Converters)
                {
                    json.SerializerOptions.Converters.Add(converter);
                }
            });
        builder.Services.TryAddSingleton<IWorkerRegistry, InMemoryWorkerRegistry>();
        builder.Services.TryAddSingleton(services => (IBusControl)services.GetRequiredService<IBus>());
    }

    /// <summary>Adds the middleware, all endpoints and the Swagger page.</summary>
    public static void MapSerApi(this WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Services.GetRequiredService<InputStore>().DeletePartialUploads(clock.GetUtcNow() - AbandonedUploadAge);
        app.Use(next => context =>
        {
            context.Response.Headers[ApiProtocol.VersionHeader] = ApiProtocol.Version;
            return app.Services.GetRequiredService<ProblemDetailsMiddleware>().InvokeAsync(context, next);
        });
        app.UseStatusCodePages();
        app.Use(next => context => app.Services.GetRequiredService<AuthenticationMiddleware>().InvokeAsync(context, next));
        app.UseResponseCompression();
        app.UseRouting();
        app.UseRequestDecompression();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "";
            page.DocumentTitle = "ser";
            page.SwaggerEndpoint("/openapi/v1.json", "ser");
            page.EnableValidator(null!); // the validator would contact an external server
        });
        app.MapOpenApi();
        if (app.Services.GetService<JobStorage>() is not null)
        {
            // Access is checked by the authentication middleware, so Hangfire's own authorization is switched off.
            var options = new DashboardOptions
            {
                Authorization = [],
                DashboardTitle = "ser: recurring jobs",
                AppPath = null,
                DisplayStorageConnectionString = false,
            };
            app.UseHangfireDashboard(AuthenticationMiddleware.HangfirePath, options);
        }

        HealthEndpoints.Map(app);
        MetricsEndpoint.Map(app);
        var api = app.MapGroup("/api");
        SweepEndpoints.Map(api);
        JobEndpoints.Map(api);
        WorkerEndpoints.Map(api);
        InputEndpoints.Map(api);
        ScheduleEndpoints.Map(api);
        CallerEndpoint.Map(api);
    }
}

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

/// <summary>The scheduler's REST API: a file for each noun, the doors before all of them.</summary>
public static class SerApi
{
    private const long LargestRequest = 1 << 20;

    /// <summary>Listens as the settings say.</summary>
    /// <exception cref="InputException">An address that others can reach while no token exists.</exception>
    public static void UseSerApi(this WebApplicationBuilder builder, ApiSettings settings, TokenFile tokens)
    {
        if (!settings.IsLoopback && tokens.All().Count == 0)
        {
            throw new InputException(
                $"the scheduler would listen on {string.Join(", ", settings.Listen)} for anyone who reaches it, since there is no token in {tokens.Path}: "
                + "make one (ser token create --role operator), or listen on this machine alone (--listen http://127.0.0.1:5090)");
        }

        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Limits.MinRequestBodyDataRate = null; // an upload over a slow line is welcome
            kestrel.Listen(settings.Listen, settings.Certificate, settings.Key);
        });
        builder.Services.AddRouting()
            .AddSingleton(settings)
            .AddSingleton(tokens)
            .AddSingleton(new InputShelf(settings.Inputs))
            .AddSingleton<Intake>()
            .AddSingleton<DoorKeeper>()
            .AddSingleton<AuditTrail>()
            .AddSingleton<ErrorPages>()
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
        builder.Services.TryAddSingleton<IWorkerRegistry, MemoryWorkers>();
        builder.Services.TryAddSingleton(services => (IBusControl)services.GetRequiredService<IBus>());
    }

    /// <summary>Maps every endpoint and the page of the API.</summary>
    public static void MapSerApi(this WebApplication app)
    {
        app.Services.GetRequiredService<InputShelf>().Tidy();
        app.Use(next => context =>
        {
            context.Response.Headers[ApiProtocol.VersionHeader] = ApiProtocol.Version;
            return app.Services.GetRequiredService<ErrorPages>().GuardAsync(context, next);
        });
        app.UseStatusCodePages();
        app.Use(next => context => app.Services.GetRequiredService<DoorKeeper>().PassAsync(context, next));
        app.UseResponseCompression();
        app.UseRouting();
        app.UseRequestDecompression();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "";
            page.DocumentTitle = "ser";
            page.SwaggerEndpoint("/openapi/v1.json", "ser");
            page.EnableValidator(null!); // it would ask a server elsewhere
        });
        app.MapOpenApi();
        if (app.Services.GetService<JobStorage>() is not null)
        {
            app.UseHangfireDashboard(DoorKeeper.Clock, new DashboardOptions { Authorization = [], DashboardTitle = "ser: the clock", AppPath = null, DisplayStorageConnectionString = false });
        }

        Health.Map(app);
        Metrics.Map(app);
        var api = app.MapGroup("/api");
        Sweeps.Map(api);
        Jobs.Map(api);
        Workers.Map(api);
        Inputs.Map(api);
        Schedules.Map(api);
        Me.Map(api);
    }
}

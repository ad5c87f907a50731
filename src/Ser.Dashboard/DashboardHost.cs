using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Ser.Authentication;
using Ser.Dashboard.Actions;
using Ser.Dashboard.Assets;
using Ser.Dashboard.Authentication;
using Ser.Dashboard.Downloads;
using Ser.Dashboard.Live;
using Ser.Dashboard.Reading;

namespace Ser.Dashboard;

/// <summary>The dashboard as a web application of its own: beside the scheduler in one process, or alone.</summary>
public static class DashboardHost
{
    /// <summary>Puts everything into the builder.</summary>
    public static void UseSerDashboard(this WebApplicationBuilder builder, DashboardSettings settings, DashboardStores stores, TimeProvider clock)
    {
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listen, settings.Certificate, settings.Key);
        });
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(stores).AddSingleton(stores.Reads).AddSingleton(stores.Artifacts).AddSingleton(clock)
            .AddSingleton<AssetFiles>().AddSingleton<Entrance>().AddSingleton<Gate>()
            .AddSingleton<Feeds>().AddSingleton<Curves>().AddSingleton<TablesCache>().AddSingleton<FiguresCache>().AddSingleton<ArmsCache>().AddSingleton<Headlines>().AddSingleton<Recordings>()
            .AddScoped<Actor>();
        services.AddRazorComponents().AddInteractiveServerComponents(circuit => circuit.DisconnectedCircuitMaxRetained = 50);
        services.AddMudServices();
        services.AddCascadingAuthenticationState().AddHttpContextAccessor();
        var doors = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            // Cookies do not know ports, and a machine may have several dashboards.
            cookie.Cookie.Name = $"ser-{settings.Listen[0].Port}";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = SignIn.Path;
            cookie.ReturnUrlParameter = "to";
            cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
        });
        if (settings.OpenIdConnect is { } provider)
        {
            doors.AddOpenId(provider, clock);
        }

        services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(form => form.Cookie.Name = $"ser-form-{settings.Listen[0].Port}");
        var protection = services.AddDataProtection().SetApplicationName("ser");
        if (settings.Keys is { } folder)
        {
            protection.PersistKeysToFileSystem(PrivateFolder(folder));
        }
        else
        {
            services.AddSingleton<Microsoft.AspNetCore.DataProtection.Repositories.IXmlRepository>(new KeysInMemory());
        }
    }

    /// <summary>Maps pages and assets.</summary>
    public static void MapSerDashboard(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<Gate>();
        app.Use(next => context => gate.PassAsync(context, next));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Services.GetRequiredService<AssetFiles>().Map(app);
        SignIn.Map(app);
        if (app.Services.GetRequiredService<DashboardSettings>().OpenIdConnect is not null)
        {
            OpenIdDoor.Map(app);
        }

        ArtifactDownload.Map(app);
        Recordings.Map(app);
        SweepDownloads.Map(app);

        // The first look at a store takes longest; the first visitor need not wait for it.
        app.Lifetime.ApplicationStarted.Register(() => _ = app.Services.GetRequiredService<Feeds>().Overview.ReadAsync());
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>A link that lets in whoever has it, once.</summary>
    /// <param name="app">The dashboard.</param>
    /// <param name="address">Where it listens.</param>
    public static string LinkOnce(this WebApplication app, string address) => $"{address.TrimEnd('/')}{SignIn.Enter}?code={app.Services.GetRequiredService<Entrance>().NewCode()}";

    private static DirectoryInfo PrivateFolder(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}

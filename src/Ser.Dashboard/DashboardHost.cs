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

/// <summary>Builds the dashboard as a web application, either in the scheduler's process or in a process of its own.</summary>
public static class DashboardHost
{
    /// <summary>Configures the web server and registers every service of the dashboard.</summary>
    public static void UseSerDashboard(
        this WebApplicationBuilder builder, DashboardSettings settings, DashboardStores stores, TimeProvider clock)
    {
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listen, settings.Certificate, settings.Key);
        });
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(settings.Timings);
        services.AddSingleton(stores).AddSingleton(stores.Reads).AddSingleton(stores.Artifacts).AddSingleton(clock);
        services.AddSingleton<AssetFiles>().AddSingleton<SignInService>().AddSingleton<SecurityMiddleware>().AddScoped<UserActions>();
        services.AddSingleton<Feeds>().AddSingleton<LearningCurveCache>().AddSingleton<Headlines>().AddSingleton<Recordings>();
        services.AddSingleton<TablesCache>().AddSingleton<FiguresCache>().AddSingleton<ArmSurfaceCache>();
        services.AddRazorComponents().AddInteractiveServerComponents(circuit => circuit.DisconnectedCircuitMaxRetained = 50);
        services.AddMudServices();
        services.AddCascadingAuthenticationState().AddHttpContextAccessor();
        var authentication = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            // Browsers share cookies between the ports of a host, so dashboards on one machine need different names.
            cookie.Cookie.Name = $"ser-{settings.Listen[0].Port}";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = SignInEndpoints.Path;
            cookie.ReturnUrlParameter = "to";
            cookie.ExpireTimeSpan = settings.Timings.SessionLength;
        });
        if (settings.OpenIdConnect is { } provider)
        {
            authentication.AddOpenId(provider, settings.Timings, clock);
        }

        var signedIn = new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        services.AddAuthorizationBuilder().SetFallbackPolicy(signedIn);
        services.AddAntiforgery(form => form.Cookie.Name = $"ser-form-{settings.Listen[0].Port}");
        var protection = services.AddDataProtection().SetApplicationName("ser");
        if (settings.Keys is { } folder)
        {
            protection.PersistKeysToFileSystem(PrivateFolder(folder));
        }
        else
        {
            services.AddSingleton<Microsoft.AspNetCore.DataProtection.Repositories.IXmlRepository>(new InMemoryKeyRepository());
        }
    }

    /// <summary>Adds the middleware and maps pages, downloads and assets.</summary>
    public static void MapSerDashboard(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<SecurityMiddleware>();
        app.Use(next => context => gate.InvokeAsync(context, next));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Services.GetRequiredService<AssetFiles>().Map(app);
        SignInEndpoints.Map(app);
        if (app.Services.GetRequiredService<DashboardSettings>().OpenIdConnect is not null)
        {
            OpenIdAuthentication.Map(app);
        }

        ArtifactDownload.Map(app);
        Recordings.Map(app);
        SweepDownloads.Map(app);

        // The first read of a store takes longest, so it starts before the first visitor asks for a page.
        var overview = app.Services.GetRequiredService<Feeds>().Overview;
        app.Lifetime.ApplicationStarted.Register(() => _ = overview.ReadAsync());
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>Creates a link that signs in the first visitor who opens it.</summary>
    /// <param name="app">The dashboard.</param>
    /// <param name="address">The address at which it listens.</param>
    public static string CreateSignInLink(this WebApplication app, string address)
    {
        string code = app.Services.GetRequiredService<SignInService>().CreateCode();
        return $"{address.TrimEnd('/')}{SignInEndpoints.LinkPath}?code={code}";
    }

    private static DirectoryInfo PrivateFolder(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}

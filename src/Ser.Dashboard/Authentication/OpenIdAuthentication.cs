using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Ser.Authentication;

namespace Ser.Dashboard.Authentication;

/// <summary>
/// Signs people in at an OpenID provider. Of the provider's claims, only the name and the resulting role are kept in the cookie.
/// </summary>
internal static class OpenIdAuthentication
{
    /// <summary>Path that redirects to the provider.</summary>
    public const string Path = "/sign-in/openid";

    /// <summary>Claim of users on whose behalf the dashboard acts with its own token.</summary>
    public const string OnBehalfClaim = "for";

    /// <summary>Claims that are used as a name if the provider does not send the configured one, in this order.</summary>
    private static readonly string[] FallbackNameClaims = ["preferred_username", "email", "name", "sub"];

    public static void AddOpenId(
        this AuthenticationBuilder authentication,
        OpenIdSettings settings,
        DashboardTimings timings,
        TimeProvider clock) =>
        authentication.AddOpenIdConnect(options => Configure(options, settings, timings, clock));

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Path, Challenge).AllowAnonymous();

    /// <summary>The user with name and role on this dashboard; null if no role is granted.</summary>
    internal static ClaimsPrincipal? MapUser(ClaimsPrincipal person, OpenIdSettings settings)
    {
        string[] roles = [.. person.FindAll(settings.RoleClaim).Select(claim => claim.Value)];
        Role? role = Has(settings.Operators) ? Role.Operator : Has(settings.Viewers) ? Role.Viewer : null;
        if (role is null)
        {
            return null;
        }

        Claim[] claims =
        [
            new(ClaimTypes.Name, NameOf(person, settings)),
            new(ClaimTypes.Role, role.ToString()!),
            new(OnBehalfClaim, "yes"),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));

        bool Has(IReadOnlyList<string> values) => values.Contains(OpenIdSettings.Everybody) || values.Intersect(roles).Any();
    }

    private static void Configure(OpenIdConnectOptions options, OpenIdSettings settings, DashboardTimings timings, TimeProvider clock)
    {
        options.Authority = settings.Authority.ToString();
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.RequireHttpsMetadata = !settings.Authority.IsLoopback;
        options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.CallbackPath = "/signed-in/openid";

        // In query mode the provider's response is a link (a top-level navigation), with which browsers send lax cookies.
        options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
        options.Events = new OpenIdConnectEvents
        {
            OnTokenValidated = validated => SignInAsync(validated, settings, timings, clock),
            OnRemoteFailure = failure => ReportFailureAsync(failure, settings),
        };
    }

    private static Task SignInAsync(
        TokenValidatedContext validated,
        OpenIdSettings settings,
        DashboardTimings timings,
        TimeProvider clock)
    {
        if (MapUser(validated.Principal!, settings) is not { } user)
        {
            validated.HandleResponse();
            string name = NameOf(validated.Principal!, settings);
            Log(validated.HttpContext).LogWarning("{User} of {Authority} has no role on this dashboard", name, settings.Authority);
            validated.Response.Redirect($"{SignInEndpoints.Path}?why={SignInEndpoints.NoRole}");
            return Task.CompletedTask;
        }

        validated.Principal = user;
        validated.Properties!.IsPersistent = true;
        validated.Properties.AllowRefresh = false;
        validated.Properties.ExpiresUtc = clock.GetUtcNow() + timings.OpenIdSessionLength;
        return Task.CompletedTask;
    }

    private static Task ReportFailureAsync(RemoteFailureContext failure, OpenIdSettings settings)
    {
        failure.HandleResponse();
        Log(failure.HttpContext).LogWarning("sign-in at {Authority} failed: {Reason}", settings.Authority, failure.Failure?.Message);
        failure.Response.Redirect($"{SignInEndpoints.Path}?why={SignInEndpoints.NotSignedIn}");
        return Task.CompletedTask;
    }

    private static string NameOf(ClaimsPrincipal person, OpenIdSettings settings) =>
        FallbackNameClaims.Prepend(settings.NameClaim)
            .Select(claim => person.FindFirst(claim)?.Value)
            .FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? "?";

    private static ChallengeHttpResult Challenge(string? to)
    {
        var properties = new AuthenticationProperties { RedirectUri = SignInEndpoints.IsLocal(to) ? to : "/" };
        return TypedResults.Challenge(properties, [OpenIdConnectDefaults.AuthenticationScheme]);
    }

    private static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdAuthentication));
}

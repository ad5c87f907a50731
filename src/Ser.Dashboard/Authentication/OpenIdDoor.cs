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

/// <summary>Lets people in whom an OpenID provider knows. Nothing of the provider's is kept but a name and what it means here.</summary>
internal static class OpenIdDoor
{
    /// <summary>Where to go to be sent to the provider.</summary>
    public const string Path = "/sign-in/openid";

    /// <summary>Claim of those on whose behalf the dashboard acts with its own token.</summary>
    public const string ForClaim = "for";

    /// <summary>Claim names that stand in where a provider does not send the one that was asked for.</summary>
    private static readonly string[] OtherNames = ["preferred_username", "email", "name", "sub"];

    // The provider's word on somebody's role is asked for again so often.
    private static readonly TimeSpan Day = TimeSpan.FromHours(12);

    public static void AddOpenId(this AuthenticationBuilder doors, OpenIdSettings settings, TimeProvider clock) => doors.AddOpenIdConnect(open =>
    {
        open.Authority = settings.Authority.ToString();
        open.ClientId = settings.ClientId;
        open.ClientSecret = settings.ClientSecret;
        open.RequireHttpsMetadata = !settings.Authority.IsLoopback;
        open.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        open.ResponseType = OpenIdConnectResponseType.Code;
        open.ResponseMode = OpenIdConnectResponseMode.Query;
        open.UsePkce = true;
        open.MapInboundClaims = false;
        open.SaveTokens = false;
        open.CallbackPath = "/signed-in/openid";

        // The answer comes by a link, so that cookies need not be sent from elsewhere.
        open.CorrelationCookie.SameSite = open.NonceCookie.SameSite = SameSiteMode.Lax;
        open.Events = new OpenIdConnectEvents
        {
            OnTokenValidated = signed =>
            {
                if (Known(signed.Principal!, settings) is not { } known)
                {
                    signed.HandleResponse();
                    Log(signed.HttpContext).LogWarning("{Who} of {Authority} has no role here", NameOf(signed.Principal!, settings), settings.Authority);
                    signed.Response.Redirect($"{SignIn.Path}?why={SignIn.NoRole}");
                    return Task.CompletedTask;
                }

                signed.Principal = known;
                signed.Properties!.IsPersistent = true;
                signed.Properties.AllowRefresh = false;
                signed.Properties.ExpiresUtc = clock.GetUtcNow() + Day;
                return Task.CompletedTask;
            },
            OnRemoteFailure = failed =>
            {
                failed.HandleResponse();
                Log(failed.HttpContext).LogWarning("{Authority} has signed nobody in: {Why}", settings.Authority, failed.Failure?.Message);
                failed.Response.Redirect($"{SignIn.Path}?why={SignIn.NotSignedIn}");
                return Task.CompletedTask;
            },
        };
    });

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Path, ChallengeHttpResult (string? to) => TypedResults.Challenge(
        new AuthenticationProperties { RedirectUri = SignIn.IsLocal(to) ? to : "/" }, [OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous();

    /// <summary>Who it is here; null: nobody.</summary>
    internal static ClaimsPrincipal? Known(ClaimsPrincipal person, OpenIdSettings settings)
    {
        string[] roles = [.. person.FindAll(settings.RoleClaim).Select(claim => claim.Value)];
        Role? role = Has(settings.Operators) ? Role.Operator : Has(settings.Viewers) ? Role.Viewer : null;
        return role is null ? null : new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, NameOf(person, settings)), new Claim(ClaimTypes.Role, role.ToString()!), new Claim(ForClaim, "yes")], CookieAuthenticationDefaults.AuthenticationScheme));

        bool Has(IReadOnlyList<string> values) => values.Contains(OpenIdSettings.Everybody) || values.Intersect(roles).Any();
    }

    private static string NameOf(ClaimsPrincipal person, OpenIdSettings settings) =>
        OtherNames.Prepend(settings.NameClaim).Select(claim => person.FindFirst(claim)?.Value).FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? "?";

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdDoor));
}

using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Ser.Authentication;
using Ser.Client;
using Ser.Domain;

namespace Ser.Dashboard.Authentication;

/// <summary>Lets people in: by a link that works once, for whoever sees this machine's terminal, or by a token that the scheduler knows.</summary>
internal sealed class Entrance(DashboardSettings settings)
{
    /// <summary>Claim with the token that its holder acts with.</summary>
    public const string TokenClaim = "token";

    private string? code;

    /// <summary>A new code; an earlier one works no more.</summary>
    public string NewCode()
    {
        string made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Interlocked.Exchange(ref code, made);
        return made;
    }

    /// <summary>Whoever comes with the code, once.</summary>
    public ClaimsPrincipal? ByCode(string given)
    {
        string? open = code;
        return open is not null && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(open), System.Text.Encoding.UTF8.GetBytes(given))
            && Interlocked.CompareExchange(ref code, null, open) == open
            ? Principal(Environment.UserName, settings.Scheduler is null ? Role.Viewer : Role.Operator, settings.Token)
            : null;
    }

    /// <summary>Whose token it is, as the scheduler says.</summary>
    /// <exception cref="InputException">The scheduler does not know it, or knows no tokens at all.</exception>
    /// <exception cref="StorageException">The scheduler does not answer.</exception>
    public async Task<ClaimsPrincipal> ByTokenAsync(string token, CancellationToken stop)
    {
        if (settings.Scheduler is not { } scheduler)
        {
            throw new InputException("this dashboard has no scheduler that could say whose token it is: take the link that it has printed");
        }

        using var server = new SerServer(scheduler, token);
        var visitor = await server.GetAsync<Visitor>("api/me", stop);
        return visitor.Open
            ? throw new InputException("the scheduler has no tokens, so it cannot know this one: make one (ser token create --role operator), or take the link that the dashboard has printed")
            : Principal(visitor.Name, visitor.Role, token);
    }

    private static ClaimsPrincipal Principal(string name, Role role, string? token) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role.ToString()), .. token is null ? Array.Empty<Claim>() : [new Claim(TokenClaim, token)]],
        CookieAuthenticationDefaults.AuthenticationScheme));
}

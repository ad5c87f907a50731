using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Ser.Authentication;
using Ser.Client;
using Ser.Domain;

namespace Ser.Dashboard.Authentication;

/// <summary>
/// Signs people in: with a one-time link, which is printed to the terminal of this machine, or with a token that the scheduler knows.
/// </summary>
internal sealed class SignInService(DashboardSettings settings)
{
    /// <summary>Claim with the token that the user acts with.</summary>
    public const string TokenClaim = "token";

    private string? _code;

    /// <summary>Creates a one-time code and invalidates the previous one.</summary>
    public string CreateCode()
    {
        string created = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Interlocked.Exchange(ref _code, created);
        return created;
    }

    /// <summary>The user of this machine, if the code is valid; null otherwise. A code works once.</summary>
    public ClaimsPrincipal? SignInWithCode(string given)
    {
        string? valid = _code;
        if (valid is null || !EqualInConstantTime(valid, given) || Interlocked.CompareExchange(ref _code, null, valid) != valid)
        {
            return null;
        }

        var role = settings.Scheduler is null ? Role.Viewer : Role.Operator;
        return Principal(Environment.UserName, role, settings.Token);
    }

    /// <summary>The user to whom a token belongs, according to the scheduler.</summary>
    /// <exception cref="InputException">The scheduler does not know the token, or has no tokens at all.</exception>
    /// <exception cref="StorageException">The scheduler does not answer.</exception>
    public async Task<ClaimsPrincipal> SignInWithTokenAsync(string token, CancellationToken stop)
    {
        if (settings.Scheduler is not { } scheduler)
        {
            const string NoScheduler = "this dashboard has no scheduler that could check tokens: use the sign-in link that it has printed";
            throw new InputException(NoScheduler);
        }

        using var server = new SchedulerClient(scheduler, token);
        var visitor = await server.GetAsync<Caller>("api/me", stop);
        return visitor.Open
            ? throw new InputException(
                "the scheduler has no tokens, so it cannot check this one: create one (ser token create --role operator), "
                + "or use the sign-in link that the dashboard has printed")
            : Principal(visitor.Name, visitor.Role, token);
    }

    private static bool EqualInConstantTime(string a, string b)
    {
        byte[] bytesA = System.Text.Encoding.UTF8.GetBytes(a), bytesB = System.Text.Encoding.UTF8.GetBytes(b);
        return CryptographicOperations.FixedTimeEquals(bytesA, bytesB);
    }

    private static ClaimsPrincipal Principal(string name, Role role, string? token)
    {
        var claims = new List<Claim> { new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.ToString()) };
        if (token is not null)
        {
            claims.Add(new Claim(TokenClaim, token));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
    }
}

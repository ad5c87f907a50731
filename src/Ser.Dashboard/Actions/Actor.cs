using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Ser.Authentication;
using Ser.Client;
using Ser.Dashboard.Authentication;
using Ser.Domain;

namespace Ser.Dashboard.Actions;

/// <summary>What whoever is signed in does, through the scheduler, which keeps the audit: with their own token, whose role it asks for again, or (signed in at an OpenID provider) with the dashboard's, on their behalf.</summary>
internal sealed class Actor(AuthenticationStateProvider visitors, DashboardSettings settings, ILogger<Actor> log)
{
    /// <summary>Why the visitor may not act; null: they may.</summary>
    public async Task<string?> WhyNotAsync()
    {
        var user = (await visitors.GetAuthenticationStateAsync()).User;
        return settings.Scheduler is null ? settings.WithoutScheduler
            : !user.IsInRole(nameof(Role.Operator)) ? $"{user.Identity?.Name ?? "a viewer"} may look but not act: sign in as an operator"
            : null;
    }

    /// <summary>Acts.</summary>
    /// <param name="what">What is done, for the log.</param>
    /// <param name="why">The reason that was given.</param>
    /// <param name="act">Asks the scheduler.</param>
    /// <exception cref="InputException">The visitor may not, or the scheduler refuses.</exception>
    /// <exception cref="StorageException">The scheduler does not answer.</exception>
    public async Task<T> ActAsync<T>(string what, string why, Func<SerServer, Task<T>> act)
    {
        if (await WhyNotAsync() is { } refusal)
        {
            throw new InputException(refusal);
        }

        var user = (await visitors.GetAuthenticationStateAsync()).User;
        bool forThem = user.HasClaim(claim => claim.Type == OpenIdDoor.ForClaim);
        using var server = new SerServer(settings.Scheduler!, forThem ? settings.Token : user.FindFirst(Entrance.TokenClaim)?.Value) { Reason = why, For = forThem ? user.Identity!.Name : null };
        log.LogInformation("act: {Who}: {What}: {Why}", user.Identity!.Name, what, why);
        return await act(server);
    }
}

using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Ser.Dashboard.Doors;
using Ser.Domain;
using Ser.Scheduler.Doors;
using Ser.Scheduler.Remote;

namespace Ser.Dashboard.Acting;

/// <summary>What whoever is signed in does, through the scheduler, with their own token: the scheduler asks for the role again and keeps the audit.</summary>
internal sealed class Actor(AuthenticationStateProvider visitors, DashboardSettings settings, ILogger<Actor> log)
{
    /// <summary>Why the visitor may not act; null: they may.</summary>
    public async Task<string?> WhyNotAsync()
    {
        var user = (await visitors.GetAuthenticationStateAsync()).User;
        return settings.Scheduler is null ? settings.WithoutScheduler
            : !user.IsInRole(nameof(Role.Operator)) ? $"{user.Identity?.Name ?? "a viewer"} may look but not act: sign in with an operator's token"
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
        using var server = new SerServer(settings.Scheduler!, user.FindFirst(Entrance.TokenClaim)?.Value) { Reason = why };
        log.LogInformation("act: {Who}: {What}: {Why}", user.Identity!.Name, what, why);
        return await act(server);
    }
}

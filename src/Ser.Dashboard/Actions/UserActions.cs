using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Ser.Authentication;
using Ser.Client;
using Ser.Dashboard.Authentication;
using Ser.Domain;

namespace Ser.Dashboard.Actions;

/// <summary>
/// Carries out actions of the signed-in user through the scheduler, which writes the audit log. A user who signed in with a token
/// acts with that token, whose role the scheduler checks again. A user who signed in at an OpenID provider acts through the
/// dashboard's own token, which names the user as the person on whose behalf it acts.
/// </summary>
internal sealed class UserActions(AuthenticationStateProvider authentication, DashboardSettings settings, ILogger<UserActions> log)
{
    /// <summary>The reason why the user may not make changes, or null if the user may.</summary>
    public async Task<string?> GetRefusalAsync()
    {
        if (settings.Scheduler is null)
        {
            return settings.ReadOnlyReason;
        }

        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return user.IsInRole(nameof(Role.Operator))
            ? null
            : $"{user.Identity?.Name ?? "this user"} has the viewer role, which is read-only: sign in as an operator to make changes";
    }

    /// <summary>Sends an action to the scheduler.</summary>
    /// <param name="description">What the action does, for the log.</param>
    /// <param name="reason">The reason that the user gave, for the audit log.</param>
    /// <param name="send">Sends the request.</param>
    /// <exception cref="InputException">The user may not act, or the scheduler refuses the action.</exception>
    /// <exception cref="StorageException">The scheduler does not answer.</exception>
    public async Task<T> RunAsync<T>(string description, string reason, Func<SchedulerClient, Task<T>> send)
    {
        if (await GetRefusalAsync() is { } refusal)
        {
            throw new InputException(refusal);
        }

        var user = (await authentication.GetAuthenticationStateAsync()).User;
        string name = user.Identity!.Name!;
        bool onBehalf = user.HasClaim(claim => claim.Type == OpenIdAuthentication.OnBehalfClaim);
        string? token = onBehalf ? settings.Token : user.FindFirst(SignInService.TokenClaim)?.Value;
        using var server = new SchedulerClient(settings.Scheduler!, token) { Reason = reason, OnBehalfOf = onBehalf ? name : null };
        log.LogInformation("action of {User}: {Action}, reason: {Reason}", name, description, reason);
        return await send(server);
    }
}

namespace Ser.Dashboard;

/// <summary>
/// An OpenID provider at which people sign in (authorization code flow with PKCE). Roles are taken from the provider's token at
/// sign-in.
/// </summary>
/// <param name="Authority">Address of the provider.</param>
/// <param name="ClientId">Client id of the dashboard at the provider.</param>
/// <param name="ClientSecret">Client secret of the dashboard; null for a public client.</param>
/// <param name="Operators">Values of the role claim that grant the operator role.</param>
/// <param name="Viewers">Values of the role claim that grant the viewer role.</param>
public sealed record OpenIdSettings(
    Uri Authority,
    string ClientId,
    string? ClientSecret,
    IReadOnlyList<string> Operators,
    IReadOnlyList<string> Viewers)
{
    /// <summary>Stands for every user whom the provider authenticates, in place of a claim value.</summary>
    public const string Everybody = "*";

    /// <summary>Default of <see cref="NameClaim"/>.</summary>
    public const string UsualName = "preferred_username";

    /// <summary>Default of <see cref="RoleClaim"/>.</summary>
    public const string UsualRole = "roles";

    /// <summary>The claim with a person's name, which the audit log shows.</summary>
    public string NameClaim { get; init; } = UsualName;

    /// <summary>The claim with a person's roles or groups.</summary>
    public string RoleClaim { get; init; } = UsualRole;
}

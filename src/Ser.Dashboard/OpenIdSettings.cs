namespace Ser.Dashboard;

/// <summary>An OpenID provider at which people sign in (authorization code with PKCE). Its word on their roles is taken at the sign-in.</summary>
/// <param name="Authority">Its address.</param>
/// <param name="ClientId">By what name it knows the dashboard.</param>
/// <param name="ClientSecret">What it knows the dashboard by; null: a public client.</param>
/// <param name="Operators">Values of the role claim whose holders may act.</param>
/// <param name="Viewers">Values of the role claim whose holders may look.</param>
public sealed record OpenIdSettings(Uri Authority, string ClientId, string? ClientSecret, IReadOnlyList<string> Operators, IReadOnlyList<string> Viewers)
{
    /// <summary>In place of a value: whomever the provider knows.</summary>
    public const string Everybody = "*";

    /// <summary>The claim with a person's name, unless told otherwise.</summary>
    public const string UsualName = "preferred_username";

    /// <summary>The claim with a person's roles, unless told otherwise.</summary>
    public const string UsualRole = "roles";

    /// <summary>The claim with a person's name, for the audit.</summary>
    public string NameClaim { get; init; } = UsualName;

    /// <summary>The claim with a person's roles or groups.</summary>
    public string RoleClaim { get; init; } = UsualRole;
}

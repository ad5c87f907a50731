using Ser.Authentication;
using Ser.Dashboard.Actions;

namespace Ser.Dashboard;

/// <summary>Where the dashboard listens, how visitors sign in, and through which scheduler it makes changes.</summary>
/// <param name="Listen">Addresses: http or https, an IP address or localhost, a port.</param>
/// <param name="Hosts">Host names that requests may be addressed to; IP addresses are always allowed.</param>
/// <param name="Keys">
/// Local folder of the data protection keys, which encrypt the cookies; null keeps them in memory, so that everyone has to sign in
/// again after a restart.
/// </param>
/// <param name="Certificate">PEM file of the certificate for https, or null.</param>
/// <param name="Key">PEM file of the certificate's private key; null if the certificate's file contains it.</param>
public sealed record DashboardSettings(
    IReadOnlyList<Uri> Listen,
    IReadOnlyList<string> Hosts,
    string? Keys = null,
    string? Certificate = null,
    string? Key = null)
{
    /// <summary>The scheduler whose API receives the actions; null makes the dashboard read-only.</summary>
    public Uri? Scheduler { get; init; }

    /// <summary>Token with which users of the one-time link act; null if there is none.</summary>
    public string? Token { get; init; }

    /// <summary>OpenID provider at which people may sign in; null if there is none.</summary>
    public OpenIdSettings? OpenIdConnect { get; init; }

    /// <summary>Intervals and limits.</summary>
    public DashboardTimings Timings { get; init; } = new();

    /// <summary>Shown in place of actions if there is no scheduler: why the dashboard is read-only and what to do about it.</summary>
    public string ReadOnlyReason { get; init; } =
        "this dashboard is read-only because no scheduler is configured: start it with --server to make changes";

    /// <summary>What experiments that are submitted on a page are planned with; null if this host cannot plan.</summary>
    public PlanningSettings? Planning { get; init; }

    /// <summary>Whether only programs on this machine can reach the dashboard.</summary>
    public bool IsLoopback => Listening.IsLoopback(Listen);
}

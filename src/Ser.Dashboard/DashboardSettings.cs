using Ser.Authentication;
using Ser.Dashboard.Actions;

namespace Ser.Dashboard;

/// <summary>Where the dashboard listens, to whom, and through which scheduler it acts.</summary>
/// <param name="Listen">Addresses: http or https, an IP address or localhost, a port.</param>
/// <param name="Hosts">Names that it may be asked by; an address always may.</param>
/// <param name="Keys">Local folder of the keys that cookies are sealed with; null: in memory, so that a restart asks everyone to sign in again.</param>
/// <param name="Certificate">PEM file of the certificate for https, or null.</param>
/// <param name="Key">PEM file of its key, or null where the certificate's file has it.</param>
public sealed record DashboardSettings(IReadOnlyList<Uri> Listen, IReadOnlyList<string> Hosts, string? Keys = null, string? Certificate = null, string? Key = null)
{
    /// <summary>The scheduler whose API acts are sent to; null: nobody may act.</summary>
    public Uri? Scheduler { get; init; }

    /// <summary>Token that those who come by the one-time link act with; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Where people may sign in elsewhere; null: nowhere.</summary>
    public OpenIdSettings? OpenIdConnect { get; init; }

    /// <summary>What to do in place of acting here, where there is no scheduler.</summary>
    public string WithoutScheduler { get; init; } = "no scheduler was given, so this dashboard only looks: start it with --server";

    /// <summary>Plans experiments that are submitted from a page; null: this host cannot.</summary>
    public Actions.Planner? Plan { get; init; }

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Listening.IsLoopback(Listen);
}

using Ser.Authentication;

namespace Ser.Scheduler.Api;

/// <summary>Network settings of the scheduler.</summary>
/// <param name="Listen">Addresses to listen on: http or https, an IP address or localhost, and a port.</param>
/// <param name="Hosts">Host names that requests may use. IP addresses are always allowed.</param>
/// <param name="Inputs">Local folder of uploaded files.</param>
/// <param name="Certificate">PEM file of the certificate for https, or null.</param>
/// <param name="Key">PEM file of the certificate's key; null if the certificate's file contains it.</param>
public sealed record ApiSettings(
    IReadOnlyList<Uri> Listen,
    IReadOnlyList<string> Hosts,
    string Inputs,
    string? Certificate = null,
    string? Key = null)
{
    /// <summary>Whether only this machine can reach the scheduler.</summary>
    public bool IsLoopback => Listening.IsLoopback(Listen);
}

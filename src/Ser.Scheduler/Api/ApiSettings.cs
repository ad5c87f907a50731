using Ser.Authentication;

namespace Ser.Scheduler.Api;

/// <summary>Where the scheduler listens, and to whom.</summary>
/// <param name="Listen">Addresses: http or https, an IP address or localhost, a port.</param>
/// <param name="Hosts">Names that it may be asked by; an address always may.</param>
/// <param name="Inputs">Local folder of the files that were uploaded.</param>
/// <param name="Certificate">PEM file of the certificate for https, or null.</param>
/// <param name="Key">PEM file of its key, or null where the certificate's file has it.</param>
public sealed record ApiSettings(IReadOnlyList<Uri> Listen, IReadOnlyList<string> Hosts, string Inputs, string? Certificate = null, string? Key = null)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Listening.IsLoopback(Listen);
}

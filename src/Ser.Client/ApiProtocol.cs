using System.Reflection;

namespace Ser.Client;

/// <summary>What a scheduler and its clients agree on beside the contracts.</summary>
public static class ApiProtocol
{
    /// <summary>Header in which both sides give their version.</summary>
    public const string VersionHeader = "Ser-Version";

    /// <summary>Header with the reason for an action, percent-encoded, for the audit.</summary>
    public const string ReasonHeader = "Ser-Reason";

    /// <summary>Header with the person on whose behalf a dashboard acts, percent-encoded. Only some tokens may send it.</summary>
    public const string OnBehalfOfHeader = "Ser-For";

    /// <summary>This build's version, without the commit.</summary>
    public static string Version { get; } = InformationalVersion?.Split('+')[0] ?? "?";

    private static string? InformationalVersion =>
        typeof(ApiProtocol).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}

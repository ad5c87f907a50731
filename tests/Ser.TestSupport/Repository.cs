using System.Reflection;

namespace Ser.TestSupport;

/// <summary>Paths in the checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The root folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Metadata("Top"));

    /// <summary>The built `ser`. A test project that runs it has a build dependency on Ser.Cli.</summary>
    public static string Cli { get; } = Path.GetFullPath(Metadata("Ser.Cli"));

    /// <summary>The built `ser-chaos`. A test project that runs it has a build dependency on Ser.Chaos.</summary>
    public static string Chaos { get; } = Path.GetFullPath(Metadata("Ser.Chaos"));

    /// <summary>The built `ser-bench`. A test project that runs it has a build dependency on Ser.Bench.</summary>
    public static string Bench { get; } = Path.GetFullPath(Metadata("Ser.Bench"));

    private static string Metadata(string key)
    {
        var metadata = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        return metadata.Single(attribute => attribute.Key == key).Value!;
    }
}

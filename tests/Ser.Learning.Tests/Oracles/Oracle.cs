using System.Text.Json;
using Ser.Checkpoints;

namespace Ser.Learning.Tests.Oracles;

/// <summary>
/// Reference vectors computed by independent software: small copies in tests/Ser.Learning.Tests/vectors, or the folder SER_ORACLE names
/// (same file names, other numbers).
/// </summary>
internal static class Oracle
{
    internal const string Category = "Oracle";

    private static readonly string Root = Environment.GetEnvironmentVariable("SER_ORACLE") is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "vectors");

    /// <summary>Full path of an oracle folder, whether it is there or not.</summary>
    internal static string FolderOf(string folder) => Path.Combine(Root, folder);

    internal static bool Has(string file) => File.Exists(Path.Combine(Root, file));

    /// <summary>Full path of an oracle file. The calling test is skipped with a message where only the full set has the file.</summary>
    internal static string PathOf(string file)
    {
        string path = Path.Combine(Root, file);
        string reason = $"{file} is not in {Root}: set SER_ORACLE to the folder of the full reference vectors";
        Assert.SkipUnless(System.IO.File.Exists(path), reason);
        return path;
    }

    internal static SafeTensors Tensors(string file) => SafeTensors.Read(PathOf(file));

    internal static JsonElement Json(string file)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(PathOf(file)));
        return json.RootElement.Clone();
    }

    internal static double MaxAbs(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Assert.Equal(a.Count, b.Count);
        double worst = 0;
        for (int i = 0; i < a.Count; i++)
        {
            worst = Math.Max(worst, Math.Abs(a[i] - b[i]));
            if (double.IsNaN(a[i]) != double.IsNaN(b[i]))
            {
                return double.PositiveInfinity;
            }
        }

        return worst;
    }
}

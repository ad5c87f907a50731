using System.Text.Json;
using Ser.Checkpoints;
using Xunit;

namespace Ser.TestSupport;

/// <summary>
/// Reference vectors computed by independent software: small copies in tests/vectors, or the folder that SER_ORACLE names
/// (same file names, other numbers).
/// </summary>
public static class Oracle
{
    public const string Category = "Oracle";

    /// <summary>The small copies. They are read where they lie, so that no test project copies them.</summary>
    public static string Shipped { get; } = Path.Combine(Repository.Root, "tests", "vectors");

    private static readonly string Root = Environment.GetEnvironmentVariable("SER_ORACLE") is { Length: > 0 } folder
        ? folder
        : Shipped;

    /// <summary>Full path of an oracle folder, whether it is there or not.</summary>
    public static string FolderOf(string folder) => Path.Combine(Root, folder);

    public static bool Has(string file) => File.Exists(Path.Combine(Root, file));

    /// <summary>Full path of an oracle file. The calling test is skipped with a message where only the full set has the file.</summary>
    public static string PathOf(string file)
    {
        string path = Path.Combine(Root, file);
        string reason = $"{file} is not in {Root}: set SER_ORACLE to the folder of the full reference vectors";
        Assert.SkipUnless(System.IO.File.Exists(path), reason);
        return path;
    }

    public static SafeTensors Tensors(string file) => SafeTensors.Read(PathOf(file));

    public static JsonElement Json(string file)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(PathOf(file)));
        return json.RootElement.Clone();
    }

    public static double MaxAbs(IReadOnlyList<double> a, IReadOnlyList<double> b)
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

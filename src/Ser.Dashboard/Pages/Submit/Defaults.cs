using System.Reflection;

namespace Ser.Dashboard.Pages.Submit;

/// <summary>experiments/defaults.yaml, which lists every key.</summary>
internal static class Defaults
{
    /// <summary>The file.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("defaults.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

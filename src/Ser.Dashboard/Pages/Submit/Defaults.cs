using System.Reflection;

namespace Ser.Dashboard.Pages.Submit;

/// <summary>The embedded file experiments/defaults.yaml, which lists every key with its default.</summary>
internal static class Defaults
{
    /// <summary>Text of the file.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("defaults.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

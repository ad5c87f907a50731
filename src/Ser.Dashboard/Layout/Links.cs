using System.Globalization;

namespace Ser.Dashboard.Layout;

/// <summary>Addresses that several pages link to.</summary>
internal static class Links
{
    /// <summary>A sweep.</summary>
    public static string Sweep(string name) => $"/sweeps/{Uri.EscapeDataString(name)}";

    /// <summary>A fold of an arm of a sweep.</summary>
    public static string Fold(string sweep, string arm, int fold) =>
        string.Create(CultureInfo.InvariantCulture, $"{Sweep(sweep)}/folds/{fold}?arm={Uri.EscapeDataString(arm)}");

    /// <summary>A recording of a sweep's corpus, by its position in the corpus.</summary>
    public static string Recording(string sweep, int utterance) =>
        string.Create(CultureInfo.InvariantCulture, $"{Sweep(sweep)}/recordings/{utterance}");

    /// <summary>A file of a job's accepted result.</summary>
    public static string File(string jobId, string name) =>
        $"/jobs/{jobId}/files/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
}

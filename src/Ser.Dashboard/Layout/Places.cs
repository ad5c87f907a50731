namespace Ser.Dashboard.Layout;

/// <summary>A page in the navigation.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What it is called.</param>
internal sealed record Place(string Path, string Name);

/// <summary>The navigation: a line for each page.</summary>
internal static class Places
{
    public static IReadOnlyList<Place> All { get; } =
    [
        new("/", "Sweeps"),
        new("/paper", "The paper"),
        new("/compare", "Compare"),
        new("/embeddings", "Embeddings"),
        new("/jobs", "Jobs"),
        new("/workers", "Workers"),
        new("/audit", "Audit"),
    ];
}

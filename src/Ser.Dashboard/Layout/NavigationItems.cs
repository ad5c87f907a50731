namespace Ser.Dashboard.Layout;

/// <summary>A link in the navigation bar.</summary>
/// <param name="Path">Path of the page.</param>
/// <param name="Name">Text of the link.</param>
internal sealed record NavigationItem(string Path, string Name);

/// <summary>The navigation bar.</summary>
internal static class NavigationItems
{
    public static IReadOnlyList<NavigationItem> All { get; } =
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

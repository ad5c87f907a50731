namespace Ser.Dashboard.Pages.Sweep;

/// <summary>Where the sliders of a surface stand, and which surface it is.</summary>
public sealed record SurfacePlace(int K, double Alpha, bool Test);

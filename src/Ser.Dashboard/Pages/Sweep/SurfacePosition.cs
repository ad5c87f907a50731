namespace Ser.Dashboard.Pages.Sweep;

/// <summary>The position of the sliders of a surface.</summary>
/// <param name="K">Position of the slider of k.</param>
/// <param name="Alpha">Position of the slider of α.</param>
/// <param name="OnTest">Whether the surface shows the test queries; otherwise it shows the validation queries.</param>
public sealed record SurfacePosition(int K, double Alpha, bool OnTest);

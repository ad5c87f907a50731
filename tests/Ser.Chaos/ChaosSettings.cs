namespace Ser.Chaos;

/// <summary>The options of the command line.</summary>
/// <param name="Duration">How long faults are injected.</param>
/// <param name="Seed">The seed from which the faults are drawn.</param>
/// <param name="Json">Whether to write the verdict to standard output as JSON.</param>
/// <param name="KeepFolder">The folder for logs and data, which is kept; null for a temporary one.</param>
internal sealed record ChaosSettings(TimeSpan Duration, long Seed, bool Json, string? KeepFolder);

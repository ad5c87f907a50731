namespace Ser.Chaos;

/// <summary>What was asked for.</summary>
/// <param name="Time">How long faults go on.</param>
/// <param name="Seed">Decides the faults.</param>
/// <param name="Json">Whether the verdict goes to standard output as JSON.</param>
/// <param name="Keep">Folder that stays; null: a temporary one.</param>
internal sealed record ChaosSettings(TimeSpan Time, long Seed, bool Json, string? Keep);

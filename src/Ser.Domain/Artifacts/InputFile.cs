namespace Ser.Domain.Artifacts;

/// <summary>A recording or a weights file that jobs read.</summary>
/// <param name="Path">Path on the machine that submits it.</param>
/// <param name="Sha256">Lower-case hex digest of its bytes.</param>
public sealed record InputFile(string Path, string Sha256);

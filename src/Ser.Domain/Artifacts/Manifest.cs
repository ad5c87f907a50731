namespace Ser.Domain.Artifacts;

/// <summary>The manifest of a result, result.json. It is written last, so its presence means that the result is complete.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Stage">Stage of the job.</param>
/// <param name="Attempt">The attempt that made the result.</param>
/// <param name="Files">Every file except the manifest, ordered by name.</param>
/// <param name="Environment">Commit, instruction set, libraries and driver with which it was made. Not part of any id.</param>
public sealed record Manifest(
    string JobId,
    string Stage,
    int Attempt,
    IReadOnlyList<ArtifactFile> Files,
    IReadOnlyDictionary<string, string> Environment);

/// <summary>A file of a result.</summary>
/// <param name="Name">Name within the attempt's folder.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hex digest.</param>
public sealed record ArtifactFile(string Name, long Bytes, string Sha256);

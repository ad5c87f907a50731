namespace Ser.Domain.Artifacts;

/// <summary>What an attempt leaves, written last as result.json: its presence means the result is whole.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Attempt">The attempt that made it.</param>
/// <param name="Files">Every file beside the manifest, by name.</param>
/// <param name="Environment">Commit, instruction set, library and driver that made it; recorded, not part of any id.</param>
public sealed record Manifest(string JobId, string Stage, int Attempt, IReadOnlyList<ArtifactFile> Files, IReadOnlyDictionary<string, string> Environment);

/// <summary>One file of a result.</summary>
/// <param name="Name">Name within the attempt's folder.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hex digest.</param>
public sealed record ArtifactFile(string Name, long Bytes, string Sha256);

namespace Ser.Checkpoints;

/// <summary>Creates exceptions for invalid checkpoints. Messages name the file, what is wrong with it, and what to do.</summary>
internal static class InvalidCheckpoint
{
    internal static InvalidDataException Create(string path, string what) => new($"{path}: {what}");

    internal static InvalidDataException Truncated(string path, long position, long end) =>
        Create(
            path,
            $"the file is truncated or damaged: at byte {position} it declares more than the {end - position} bytes that are left; "
            + "download it again");
}

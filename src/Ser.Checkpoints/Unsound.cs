namespace Ser.Checkpoints;

/// <summary>The refusal of a checkpoint: the file, what is wrong with it, and what would be right.</summary>
internal static class Unsound
{
    internal static InvalidDataException File(string path, string what) => new($"{path}: {what}");

    internal static InvalidDataException CutShort(string path, long position, long end) =>
        File(path, $"the file is cut short or broken: at byte {position} it promises more than the {end - position} bytes that are left; download it again");
}

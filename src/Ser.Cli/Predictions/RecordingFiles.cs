using System.IO.Enumeration;
using Ser.Domain;

namespace Ser.Cli.Predictions;

/// <summary>The recordings that a command line names.</summary>
internal static class RecordingFiles
{
    private static readonly string[] Extensions =
    [
        ".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".rf64", ".w64",
    ];

    /// <summary>The extensions that a folder is searched for, as text.</summary>
    internal static string ExtensionList => string.Join(", ", Extensions.Select(extension => extension[1..]));

    /// <summary>
    /// Files in the given order; for a folder, every recording in it and its subfolders, in ordinal order.
    /// Hidden files are left out, and links to folders are not followed. A file that is named twice is listed once.
    /// </summary>
    /// <exception cref="InputException">A path does not exist, or a folder holds no recording or cannot be read.</exception>
    internal static IReadOnlyList<string> Find(IReadOnlyList<string> paths)
    {
        string? missing = paths.FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path));
        if (missing is not null)
        {
            throw new InputException($"there is no file or folder {Path.GetFullPath(missing)}: give recordings, or folders of them");
        }

        return [.. paths.SelectMany(path => Directory.Exists(path) ? Below(path) : [path]).DistinctBy(Path.GetFullPath)];
    }

    private static List<string> Below(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        var found = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsRecording(entry.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        List<string> files;
        try
        {
            files = [.. found.Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"the folder {Path.GetFullPath(folder)} cannot be read: {error.Message} Correct its permissions, or name the recordings.",
                error);
        }

        string fullPath = Path.GetFullPath(folder);
        return files.Count > 0
            ? files
            : throw new InputException($"the folder {fullPath} and its subfolders hold no recording; searched for {ExtensionList}");
    }

    private static bool IsRecording(ReadOnlySpan<char> name)
    {
        foreach (string extension in Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

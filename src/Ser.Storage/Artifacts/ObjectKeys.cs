using System.Text;

namespace Ser.Storage.Artifacts;

/// <summary>Names of objects, and of files within a result: parts between '/' that cannot lead out of where they are put.</summary>
public static class ObjectKeys
{
    // What S3 allows, in UTF-8; a prefix comes on top.
    private const int MostBytes = 900;

    /// <summary>What is wrong with a key; null when nothing is.</summary>
    public static string? Problem(string key) => key switch
    {
        "" => "a name is empty",
        _ when key.Any(char.IsControl) => "a name has a control character",
        _ when key.Contains('\\') => $"{key} has a backslash",
        _ when key.Split('/').Any(part => part is "" or "." or "..") => $"{key} has an empty part, or one that leads elsewhere ('.', '..')",
        _ when Encoding.UTF8.GetByteCount(key) > MostBytes => $"{key[..40]}… is longer than {MostBytes} bytes",
        _ => null,
    };

    /// <summary>The key itself.</summary>
    /// <exception cref="ArgumentException">It is not a good one.</exception>
    public static string Checked(string key) => Problem(key) is { } problem ? throw new ArgumentException(problem, nameof(key)) : key;
}

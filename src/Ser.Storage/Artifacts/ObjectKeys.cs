using System.Text;

namespace Ser.Storage.Artifacts;

/// <summary>Validates names of objects and of files in a result: parts separated by '/' that cannot lead out of their folder.</summary>
public static class ObjectKeys
{
    // S3 allows 1024 bytes of UTF-8; the rest is left for a prefix.
    private const int MaxBytes = 900;

    /// <summary>The problem with a key; null if it is valid.</summary>
    public static string? FindProblem(string key) => key switch
    {
        "" => "a name is empty",
        _ when key.Any(char.IsControl) => "a name has a control character",
        _ when key.Contains('\\') => $"{key} has a backslash",
        _ when key.Split('/').Any(part => part is "" or "." or "..") => $"{key} has an empty part, or one that leads elsewhere ('.', '..')",
        _ when Encoding.UTF8.GetByteCount(key) > MaxBytes => $"{key[..40]}… is longer than {MaxBytes} bytes",
        _ => null,
    };

    /// <summary>Returns the key if it is valid.</summary>
    /// <exception cref="ArgumentException">The key is invalid.</exception>
    public static string Validate(string key) =>
        FindProblem(key) is { } problem ? throw new ArgumentException(problem, nameof(key)) : key;
}

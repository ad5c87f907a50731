using Ser.Domain;

namespace Ser.Storage.Artifacts;

/// <summary>Distinguishes a failing disk from a failing job.</summary>
public static class StorageFailure
{
    // HResult holds the errno on Linux and macOS, and the code of "disk full" on Windows.
    private const int InputOutput = 5, NoSpace = 28, ReadOnly = 30, Quota = 122, WindowsFull = unchecked((int)0x80070070);

    /// <summary>Translates an exception caused by a full, lost or read-only disk; null for any other exception.</summary>
    public static StorageException? From(Exception problem) => problem switch
    {
        StorageException already => already,
        IOException { HResult: NoSpace or Quota or WindowsFull } =>
            new($"The disk of the data folder is full ({problem.Message}); free some space and resume.", problem),
        IOException { HResult: InputOutput or ReadOnly } =>
            new($"The data folder cannot be written ({problem.Message}); check its disk and resume.", problem),
        UnauthorizedAccessException =>
            new($"The data folder cannot be written ({problem.Message}); check its permissions and resume.", problem),
        _ => null,
    };
}

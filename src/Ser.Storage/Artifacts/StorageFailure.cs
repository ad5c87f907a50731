using Ser.Domain;

namespace Ser.Storage.Artifacts;

/// <summary>Tells a failing disk from a failing job.</summary>
public static class StorageFailure
{
    // errno of Linux and macOS in HResult, and Windows' "disk full".
    private const int InputOutput = 5, NoSpace = 28, ReadOnly = 30, Quota = 122, WindowsFull = unchecked((int)0x80070070);

    /// <summary>The clear message for an exception that a full, lost or read-only disk has caused; null where something else has.</summary>
    public static StorageException? From(Exception problem) => problem switch
    {
        StorageException already => already,
        IOException { HResult: NoSpace or Quota or WindowsFull } => new($"The disk of the data folder is full ({problem.Message}); make room and resume.", problem),
        IOException { HResult: InputOutput or ReadOnly } => new($"The data folder cannot be written ({problem.Message}); check its disk and resume.", problem),
        UnauthorizedAccessException => new($"The data folder cannot be written ({problem.Message}); check its rights and resume.", problem),
        _ => null,
    };
}

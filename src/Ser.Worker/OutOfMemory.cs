namespace Ser.Worker;

/// <summary>
/// Recognizes jobs that failed because their device ran out of memory, which on a shared device may be caused by another process.
/// </summary>
internal static class OutOfMemory
{
    private static readonly string[] KnownMessages =
    [
        "out of memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "DefaultCPUAllocator: can't allocate memory",
    ];

    internal static bool Caused(Exception error) => error is OutOfMemoryException
        || KnownMessages.Any(known => error.Message.Contains(known, StringComparison.OrdinalIgnoreCase));

    internal static string Describe(Exception error) => $"out of memory: {error.Message.Split('\n')[0].TrimEnd()}";
}

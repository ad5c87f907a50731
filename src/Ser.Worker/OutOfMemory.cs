namespace Ser.Worker;

/// <summary>Whether a job failed because its device had no room, which on a shared one may be another process's doing.</summary>
internal static class OutOfMemory
{
    private static readonly string[] Signs = ["out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "DefaultCPUAllocator: can't allocate memory"];

    internal static bool Is(Exception error) => error is OutOfMemoryException || Signs.Any(sign => error.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    internal static string Say(Exception error) => $"out of memory: {error.Message.Split('\n')[0].TrimEnd()}";
}

using System.Runtime.InteropServices;

namespace Ser.Learning;

/// <summary>Tunes how this process's C library allocates the memory of tensors.</summary>
public static class NativeMemory
{
    // M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX and M_ARENA_MAX of malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MaxMappings = -4;
    private const int MaxArenas = -8;

    /// <summary>
    /// Keeps freed memory in the process. By default glibc returns blocks of a tensor's size to the system at once, and every training step
    /// faults all pages in again (measured: half the time of a tiny model's step).
    /// Call it before the first tensor is created. It does nothing on other C libraries.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetOption(MaxArenas, 1);
            _ = SetOption(MaxMappings, 0);
            _ = SetOption(TrimThreshold, int.MaxValue);
            _ = SetOption(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no mallopt: training is slower, and still correct.
        }
    }

    /// <summary>
    /// Returns free memory to the system. Call it between two models, not between two steps: models of different sizes fragment the heap,
    /// and without this call a process that trains many models grows with each.
    /// </summary>
    public static void ReleaseFreeMemory()
    {
        GC.Collect();
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no malloc_trim, and keeps little freed memory anyway.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}

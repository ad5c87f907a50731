using System.Runtime.InteropServices;

namespace Ser.Learning;

/// <summary>How this process's C library hands out the memory that tensors live in.</summary>
public static class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MostMappings = -4;
    private const int MostArenas = -8;

    /// <summary>
    /// Keeps freed memory in the process. By default glibc gives blocks of a tensor's size back to the system at once, and each step pays for every page
    /// again (measured: half of a tiny model's step). Call before the first tensor; does nothing on other C libraries.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetOption(MostArenas, 1);
            _ = SetOption(MostMappings, 0);
            _ = SetOption(TrimThreshold, int.MaxValue);
            _ = SetOption(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no mallopt: slower, not wrong.
        }
    }

    /// <summary>
    /// Gives back what is free: between two models, not between two steps. No two models leave the same gaps, and without this a process that trains
    /// many of them grows with each.
    /// </summary>
    public static void GiveBack()
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
            // musl keeps less in the first place.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}

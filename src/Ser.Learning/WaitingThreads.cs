using System.Runtime.InteropServices;

namespace Ser.Learning;

/// <summary>How the threads of libtorch wait for each other.</summary>
public static partial class WaitingThreads
{
    // The default of libgomp is 300,000.
    private const string SpinCount = "20000";

    /// <summary>
    /// Makes them sleep after a short spin, unless the environment says otherwise. Threads that spin for long take the cores from other
    /// processes; threads that sleep at once (OMP_WAIT_POLICY=PASSIVE) slow a single job down (docs/scaling.md). Must be called before
    /// libtorch is loaded, because its OpenMP library reads the variable once. .NET's own environment does not reach native code.
    /// </summary>
    public static void SleepSoon()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", SpinCount, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

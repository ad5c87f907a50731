using System.Runtime.InteropServices;

namespace Ser.Learning;

/// <summary>How the threads of libtorch wait for each other.</summary>
public static partial class WaitingThreads
{
    /// <summary>
    /// Makes them sleep instead of spin, unless the environment says otherwise. Threads that spin take the cores from the threads that they
    /// wait for as soon as two jobs share a machine. Must be called before libtorch is loaded, because its OpenMP library reads the
    /// variable once. .NET's own environment does not reach native code.
    /// </summary>
    public static void Sleep()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

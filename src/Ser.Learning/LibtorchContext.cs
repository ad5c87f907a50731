using System.Runtime.InteropServices;
using TorchSharp;

namespace Ser.Learning;

/// <summary>Switches of libtorch that TorchSharp does not pass on: methods of at::Context, as Python's torch.backends calls them. They do nothing where libtorch does not export them.</summary>
public static class LibtorchContext
{
    private const string Context = "_ZN2at13globalContextEv";
    private const string Nnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string Deterministic = "_ZN2at7Context26setDeterministicAlgorithmsEbb";

    /// <summary>
    /// Has libtorch leave NNPACK alone, its older way of convolving, which it may choose for a single short utterance. Where a processor does not suit NNPACK (some virtual ones),
    /// libtorch tries to start it at every convolution and writes a warning each time; where one does, it would make other bits than the machine beside it.
    /// </summary>
    public static void SwitchOffNnpack()
    {
        if (Find(Nnpack, out nint context, out nint method))
        {
            Marshal.GetDelegateForFunctionPointer<SetFlag>(method)(context, false);
        }
    }

    /// <summary>Has CUDA use the same order of sums each time, and refuse what has no such way. Call before CUDA is first used: cuBLAS reads its setting then.</summary>
    public static void UseDeterministicAlgorithms()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0); // .NET's own setting would not reach native code
        }

        if (Find(Deterministic, out nint context, out nint method))
        {
            Marshal.GetDelegateForFunctionPointer<SetFlags>(method)(context, true, false);
        }
    }

    private static bool Find(string name, out nint context, out nint method)
    {
        torch.InitializeDeviceType(DeviceType.CPU); // loads libtorch
        (context, method) = (0, 0);
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", out nint library) || !NativeLibrary.TryGetExport(library, Context, out nint get) || !NativeLibrary.TryGetExport(library, name, out method))
        {
            return false;
        }

        context = Marshal.GetDelegateForFunctionPointer<GetContext>(get)();
        return true;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint GetContext();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetFlag(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetFlags(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled, [MarshalAs(UnmanagedType.U1)] bool warnOnly);
}

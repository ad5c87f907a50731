using System.Runtime.InteropServices;
using TorchSharp;

namespace Ser.Learning;

/// <summary>
/// Settings of libtorch that TorchSharp does not expose: methods of at::Context, which Python's torch.backends calls.
/// The methods here do nothing where libtorch does not export the symbol.
/// </summary>
public static class LibtorchContext
{
    private const string GlobalContext = "_ZN2at13globalContextEv";
    private const string SetUserEnabledNnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string SetDeterministicAlgorithms = "_ZN2at7Context26setDeterministicAlgorithmsEbb";

    /// <summary>
    /// Disables NNPACK, an older convolution library that libtorch may choose for a single short utterance.
    /// On processors that NNPACK does not support (some virtual ones), libtorch tries to initialise it at every convolution and logs a
    /// warning each time. On processors that it supports, results would have other bits than on those that it does not.
    /// </summary>
    public static void DisableNnpack()
    {
        if (TryFind(SetUserEnabledNnpack, out nint context, out nint method))
        {
            Marshal.GetDelegateForFunctionPointer<SetFlag>(method)(context, false);
        }
    }

    /// <summary>
    /// Makes CUDA sum in the same order each time and fail in operations that have no deterministic implementation.
    /// Call it before CUDA is first used, because cuBLAS reads its setting at that time.
    /// </summary>
    public static void UseDeterministicAlgorithms()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0); // Environment.SetEnvironmentVariable does not reach native code
        }

        if (TryFind(SetDeterministicAlgorithms, out nint context, out nint method))
        {
            Marshal.GetDelegateForFunctionPointer<SetFlags>(method)(context, true, false);
        }
    }

    private static bool TryFind(string name, out nint context, out nint method)
    {
        torch.InitializeDeviceType(DeviceType.CPU); // loads libtorch
        (context, method) = (0, 0);
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", out nint library)
            || !NativeLibrary.TryGetExport(library, GlobalContext, out nint getContext)
            || !NativeLibrary.TryGetExport(library, name, out method))
        {
            return false;
        }

        context = Marshal.GetDelegateForFunctionPointer<GetContext>(getContext)();
        return true;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint GetContext();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetFlag(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetFlags(
        nint context, [MarshalAs(UnmanagedType.U1)] bool enabled, [MarshalAs(UnmanagedType.U1)] bool warnOnly);
}

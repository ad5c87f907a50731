using System.Runtime.InteropServices;
using TorchSharp;

namespace Ser.Learning;

/// <summary>libtorch's older way of convolving on a CPU, which it may choose for a single short utterance.</summary>
internal static class Nnpack
{
    // at::globalContext() and at::Context::setUserEnabledNNPACK(bool): what Python's torch.backends.nnpack calls. TorchSharp does not pass it on.
    private const string Context = "_ZN2at13globalContextEv";
    private const string Enable = "_ZN2at7Context20setUserEnabledNNPACKEb";

    /// <summary>
    /// Has libtorch leave it alone. Where a processor does not suit NNPACK (some virtual ones), libtorch tries to start it at every convolution and writes a warning
    /// each time; where one does, it would make other bits than the machine beside it. Does nothing where libtorch does not export the switch.
    /// </summary>
    internal static void SwitchOff()
    {
        torch.InitializeDeviceType(DeviceType.CPU); // loads libtorch
        if (NativeLibrary.TryLoad("libtorch_cpu.so", out nint library)
            && NativeLibrary.TryGetExport(library, Context, out nint context)
            && NativeLibrary.TryGetExport(library, Enable, out nint enable))
        {
            Marshal.GetDelegateForFunctionPointer<SetFlag>(enable)(Marshal.GetDelegateForFunctionPointer<GetContext>(context)(), false);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint GetContext();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetFlag(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);
}

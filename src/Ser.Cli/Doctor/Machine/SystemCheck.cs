using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Program, runtime, system, processor.</summary>
internal sealed class SystemCheck : ICheck
{
    public string Name => "system";

    public Finding Look()
    {
        string version = typeof(SystemCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        string instructions = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : RuntimeInformation.ProcessArchitecture.ToString();
        string detail = $"ser {version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {instructions}";
        return RuntimeInformation.ProcessArchitecture == Architecture.X64 && !Avx2.IsSupported
            ? Finding.Warning(detail + ": the processor has no AVX2", "training is several times slower here, and other bits than on machines with AVX2 are to be expected: use a newer processor, or have the virtual machine pass its own on")
            : Finding.Ok(detail);
    }
}

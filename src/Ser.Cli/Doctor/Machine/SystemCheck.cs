using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Program, runtime, operating system, processor.</summary>
internal sealed class SystemCheck : ICheck
{
    public string Name => "system";

    public Finding Run()
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        var versionAttribute = typeof(SystemCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        string version = versionAttribute?.InformationalVersion ?? "";
        string instructions = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : architecture.ToString();
        string system = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}";
        string detail = $"ser {version}, {system}, {architecture}, {instructions}";
        return architecture == Architecture.X64 && !Avx2.IsSupported
            ? Finding.Warning(
                detail + ": the processor has no AVX2",
                "training is several times slower here, and results differ in their bits from those of machines with AVX2: "
                + "use a newer processor, or have the virtual machine pass through its host's")
            : Finding.Ok(detail);
    }
}

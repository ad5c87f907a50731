using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Ser.Runners;

/// <summary>What makes a result on this machine: bits are promised where these are equal. Recorded beside it, not part of its id.</summary>
public static class MachineFacts
{
    private const string NvidiaDriver = "/proc/driver/nvidia/version";

    /// <summary>Version with commit, libtorch, runtime, system, instruction set, processor, and the GPU's driver where there is one.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Known(new()
    {
        ["version"] = typeof(MachineFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        ["torch"] = torch.__version__,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["instructions"] = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : RuntimeInformation.ProcessArchitecture.ToString(),
        ["processor"] = Line("/proc/cpuinfo", "model name")?.Split(':', 2)[1].Trim(),
        ["driver"] = Line(NvidiaDriver, "NVRM version")?.Split(':', 2)[1].Trim(),
    });

    private static string? Line(string file, string beginning) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal) && line.Contains(':')) : null;

    private static Dictionary<string, string> Known(Dictionary<string, string?> facts) =>
        facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).ToDictionary(fact => fact.Key, fact => fact.Value!);
}

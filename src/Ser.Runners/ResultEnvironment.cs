using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Ser.Runners;

/// <summary>
/// The environment in which this machine computes results. Equal environments give equal bits. It is recorded beside results and is not
/// part of a job's id.
/// </summary>
public static class ResultEnvironment
{
    private const string NvidiaDriver = "/proc/driver/nvidia/version";

    private static string? Version =>
        typeof(ResultEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>
    /// Version with commit, libtorch, runtime, operating system, instruction set, processor, and the GPU's driver where there is one.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Facts { get; } = Known(new()
    {
        ["version"] = Version,
        ["torch"] = torch.__version__,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["instructions"] = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : RuntimeInformation.ProcessArchitecture.ToString(),
        ["processor"] = ReadValue("/proc/cpuinfo", "model name"),
        ["driver"] = ReadValue(NvidiaDriver, "NVRM version"),
    });

    // The value of the first line "key: value"; null where there is none.
    private static string? ReadValue(string file, string key)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        bool HasKey(string line) => line.StartsWith(key, StringComparison.Ordinal) && line.Contains(':');
        return File.ReadLines(file).FirstOrDefault(HasKey)?.Split(':', 2)[1].Trim();
    }

    private static Dictionary<string, string> Known(Dictionary<string, string?> facts) =>
        facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).ToDictionary(fact => fact.Key, fact => fact.Value!);
}
